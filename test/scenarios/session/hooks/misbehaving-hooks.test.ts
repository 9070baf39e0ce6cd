import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import {
  BAD,
  type HookName,
  hostile,
  RUBBISH,
  type Stub,
  withStub,
} from '../../../support/session/stub-hooks.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

interface Hook {
  readonly name: HookName
  readonly role: 'stock' | 'foil'
  /** What Bob hears if it fails, and how long it may take. */
  readonly told: string
  readonly step: string
  readonly limit: number
}

/** The hooks that a session of Alice's waits for. */
const WAITED_FOR: readonly Hook[] = [
  {
    name: 'token.validate',
    role: 'stock',
    told: 'internal',
    step: 'VALIDATING_TOKEN',
    limit: 5_000,
  },
  {
    name: 'token.reserve',
    role: 'stock',
    told: 'internal',
    step: 'VALIDATING_TOKEN',
    limit: 5_000,
  },
  {
    name: 'identity.validate',
    role: 'stock',
    told: 'internal',
    step: 'VALIDATING_IDENTITY',
    limit: 5_000,
  },
  {
    name: 'database.provision',
    role: 'stock',
    told: 'provision_failed',
    step: 'PROVISIONING_DB',
    limit: 10_000,
  },
  {
    name: 'database.verify',
    role: 'foil',
    told: 'provision_failed',
    step: 'AWAITING_ACK',
    limit: 15_000,
  },
]

/** Those that nobody waits for. */
const ASIDE: readonly HookName[] = ['token.markUsed', 'audit.logSession']

async function run(hook: Hook, stub: Stub) {
  const world = new World({ inviter: { hooks: withStub(hook.name, stub) } })
  const identityRequirements = hook.name === 'identity.validate' ? ['name'] : []
  const link = world.invite({ initiatorRole: hook.role, identityRequirements, usesAllowed: 2 })
  const identity = hook.name === 'identity.validate' ? { name: 'Bob' } : {}
  return { world, outcome: world.redeem(link, { identity }) }
}

async function expectFailedAlone(world: World, hook: Hook): Promise<void> {
  const [session] = world.alice.sessions
  // Before the token is recognised nothing is recorded.
  if (hook.name !== 'token.validate') {
    expect(session).toMatchObject({ state: 'FAILED', reason: 'hook_failed', step: hook.step })
    expect(session?.detail?.length).toBeLessThan(300)
  }
  expect(await world.alice.tallies).toEqual([])
  expect(world.alice.storeFailures).toEqual([])
  expect(world.leftovers).toEqual(NOTHING_LEFT)
}

describe.each(WAITED_FOR)('$name', (hook) => {
  it.each(Object.keys(BAD))('that %s costs its own session only', async (way) => {
    const { world, outcome } = await run(hook, BAD[way] ?? hostile)
    expect(await outcome).toMatchObject({ completed: false, reason: hook.told })
    await settle()
    await expectFailedAlone(world, hook)
  })

  it.each(Object.keys(RUBBISH))('that answers %s costs its own session only', async (what) => {
    // Two of them are what a hook without an opinion says, and a token hook that knows no such token.
    const { world, outcome } = await run(hook, RUBBISH[what] ?? hostile)
    if (what === 'undefined' && ['token.reserve', 'database.verify'].includes(hook.name)) return
    const isUnknown = ['undefined', 'null'].includes(what) && hook.name === 'token.validate'
    const told = isUnknown ? 'invalid_token' : hook.told
    expect(await outcome).toMatchObject({ completed: false, reason: told })
    await settle()
    await expectFailedAlone(world, hook)
  })

  it('that hangs is aborted at its deadline, and the session says where', async () => {
    let signal: AbortSignal | undefined
    const { world, outcome } = await run(hook, (...args) => {
      const context = args.at(-1)
      if (typeof context === 'object' && context && 'signal' in context) {
        signal = context.signal instanceof AbortSignal ? context.signal : undefined
      }
      return new Promise(() => undefined)
    })
    await world.pass(hook.limit - 500)
    expect(signal?.aborted).toBe(false)
    await world.pass(1_000)
    expect(signal?.aborted).toBe(true)
    expect((await outcome).completed).toBe(false)
    expect(world.alice.ended).toMatchObject([{ state: 'TIMEOUT', step: hook.step }])
    await world.pass(2_000)
    expect(await world.alice.tallies).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('that is slow within its time delays nobody else', async () => {
    let calls = 0
    const hooks = (own: MemoryHooks): SessionHooks => {
      const slow = withStub(hook.name, () => new Promise(() => undefined))(own)
      const quick = withStub('audit.logSession', () => undefined)(own)
      const pick = (index: number) => (index === 1 ? slow : quick)
      return {
        ...quick,
        token: {
          ...quick.token,
          validate: async (...all) => {
            calls += 1
            return await pick(calls).token.validate(...all)
          },
        },
      }
    }
    const world = new World({ inviter: { hooks } })
    const link = world.invite({ usesAllowed: null })
    const stuck = world.redeem(link)
    const others = [3, 4, 5].map((name) => world.redeem(link, {}, world.stranger(name)))
    const outcomes = await Promise.all(others)
    expect(outcomes.map(({ completed }) => completed)).toEqual([true, true, true])
    await world.pass(20_000)
    await stuck
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe.each(ASIDE)('%s', (name) => {
  it.each(Object.keys(BAD))('that %s is noted and changes nothing', async (way) => {
    const world = new World({ inviter: { hooks: withStub(name, BAD[way] ?? hostile) } })
    expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
    expect(world.alice.complaints[0]).toMatch(new RegExp(`^${name}: `))
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('that hangs is given up in the end', async () => {
    const stub = () => new Promise(() => undefined)
    const world = new World({ inviter: { hooks: withStub(name, stub) } })
    expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
    await world.pass(10_500)
    expect(world.alice.complaints[0]).toMatch(/no answer in time/)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})
