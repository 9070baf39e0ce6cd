import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import type {
  DatabaseResult,
  SessionAuditEvent,
  SessionHooks,
} from '../../../src/hooks/session-hooks.ts'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'
import { reapWish } from '../../support/session/reaping.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'

type HookName =
  | 'token.validate'
  | 'token.reserve'
  | 'token.markUsed'
  | 'token.release'
  | 'identity.validate'
  | 'database.provision'
  | 'database.verify'
  | 'database.deprovision'
  | 'audit.logSession'

type Stub = (...args: readonly unknown[]) => unknown

/** Alice's hooks with one of them replaced, by whatever a host may have written. */
function withStub(name: HookName, stub: Stub) {
  return (own: MemoryHooks): SessionHooks => {
    const { token, identity, database, audit } = own
    const hooks: Record<string, Record<string, unknown>> = {
      token: {
        validate: token.validate.bind(token),
        markUsed: token.markUsed.bind(token),
      },
      identity: { validate: identity.validate.bind(identity) },
      database: {
        provision: database.provision.bind(database),
        deprovision: (...all: Parameters<typeof database.deprovision>) =>
          database.deprovision(...all),
        verify: database.verify.bind(database),
      },
      audit: { logSession: audit.logSession.bind(audit) },
    }
    const [room = '', method = ''] = name.split('.')
    hooks[room] = { ...hooks[room], [method]: stub }
    return hooks as unknown as SessionHooks
  }
}

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

const BAD: Readonly<Record<string, Stub>> = {
  'throws at once': () => {
    throw new Error('broken')
  },
  'throws something that is no error': () => {
    // biome-ignore lint/style/useThrowOnlyError: a host may do so
    throw undefined
  },
  'throws an error that can not be read': () => {
    throw Object.create(Error.prototype, { message: { get: () => hostile() } })
  },
  rejects: () => Promise.reject(new Error('broken')),
  'rejects with something that is no error': () => Promise.reject('broken'),
  'rejects with nothing': () => Promise.reject(undefined),
}

const RUBBISH: Readonly<Record<string, Stub>> = {
  undefined: () => undefined,
  null: async () => null,
  'a number': async () => 42,
  'an empty object': async () => ({}),
  'an object that throws when read': async () =>
    new Proxy({}, { get: (_target, key) => (key === 'then' ? undefined : hostile()) }),
  'a refusal with a code that is none': async () => ({ refused: 'because' }),
  'an endless text': async () => ({ refused: 'used', reason: 'x'.repeat(100_000) }),
}

function hostile(): never {
  throw new Error('do not look')
}

async function run(hook: Hook, stub: Stub) {
  const world = new World({ inviter: { hooks: withStub(hook.name, stub) } })
  const identityRequirements = hook.name === 'identity.validate' ? ['name'] : []
  const link = world.invite({ initiatorRole: hook.role, identityRequirements, usesAllowed: 2 })
  const identity = hook.name === 'identity.validate' ? { name: 'Bob' } : {}
  return { world, outcome: world.redeem(link, { identity }) }
}

function expectFailedAlone(world: World, hook: Hook): void {
  const [session] = world.alice.sessions
  // Before the token is recognised nothing is recorded.
  if (hook.name !== 'token.validate') {
    expect(session).toMatchObject({ state: 'FAILED', reason: 'hook_failed', step: hook.step })
    expect(session?.detail?.length).toBeLessThan(300)
  }
  expect(world.alice.tallies).toEqual([])
  expect(world.alice.storeFailures).toEqual([])
  expect(world.leftovers).toEqual(NOTHING_LEFT)
}

describe.each(WAITED_FOR)('$name', (hook) => {
  it.each(Object.keys(BAD))('that %s costs its own session only', async (way) => {
    const { world, outcome } = await run(hook, BAD[way] ?? hostile)
    expect(await outcome).toMatchObject({ completed: false, reason: hook.told })
    await settle()
    expectFailedAlone(world, hook)
  })

  it.each(Object.keys(RUBBISH))('that answers %s costs its own session only', async (what) => {
    // Two of them are what a hook without an opinion says.
    const { world, outcome } = await run(hook, RUBBISH[what] ?? hostile)
    if (what === 'undefined' && ['token.reserve', 'database.verify'].includes(hook.name)) return
    expect(await outcome).toMatchObject({ completed: false, reason: hook.told })
    await settle()
    expectFailedAlone(world, hook)
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
    expect(world.alice.tallies).toEqual([])
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

it('an audit hook hears of each record that is about a session once it is durable, beside each move', async () => {
  const heard: { sessionId: unknown; type: string; data: Record<string, unknown> }[] = []
  const hear = (sessionId: unknown, event: unknown) => {
    heard.push({ sessionId, ...structuredClone(event as SessionAuditEvent) })
  }
  const world = new World({ inviter: { hooks: withStub('audit.logSession', hear) } })
  const link = world.invite({ identityRequirements: ['name'] })
  await world.redeemed(link, { identity: { name: 'Bob Secretive' } })
  await world.redeemed(link, { identity: { name: 'Carol' } }, world.stranger(3))
  await settle()
  const stored = [...world.alice.store.repositories.audit.rows()].map(({ text }) =>
    JSON.parse(text),
  )
  const records = stored.filter(
    ({ type, sessionId }) => sessionId !== undefined && type !== 'state',
  )
  expect(records.length).toBeGreaterThan(5)
  expect(heard.filter(({ type }) => type !== 'state')).toEqual(
    records.map(({ sessionId, type, at, severity, data, redemptionId, tokenId, peerId }) => ({
      sessionId,
      type,
      at,
      data: JSON.parse(JSON.stringify({ ...data, severity, redemptionId, tokenId, peerId })),
    })),
  )
  expect(heard.map(({ data }) => data['event'])).toContain('token.reuse')
  expect(JSON.stringify(heard)).not.toContain('Secretive')
})

describe('token.reserve', () => {
  it('is asked once our own reservation is durable, and given the use back if it says yes too late', async () => {
    const yes = Promise.withResolvers<true>()
    const released: unknown[] = []
    const hooks = (own: MemoryHooks): SessionHooks => {
      const base = withStub('token.reserve', () => yes.promise)(own)
      return {
        ...base,
        token: {
          ...base.token,
          release: async (tokenId) => void released.push(tokenId),
        },
      }
    }
    const world = new World({ inviter: { hooks } })
    const outcome = world.redeem(world.invite())
    await settle()
    expect(world.alice.auditEvents).toEqual(['reserved'])
    await world.pass(6_000)
    await outcome
    expect(world.alice.auditEvents).toEqual(['reserved', 'released'])
    expect(released).toHaveLength(1)
    yes.resolve(true)
    await settle()
    expect(released).toHaveLength(2)
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 0 }])
    await world.pass(2_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(['by itself', 'by a reaper'])(
    'is given the use back when its reservation lapses, noticed %s',
    async (noticed) => {
      const released: unknown[] = []
      const hooks = (own: MemoryHooks): SessionHooks => ({
        ...own,
        token: {
          validate: (...all) => own.token.validate(...all),
          markUsed: (...all) => own.token.markUsed(...all),
          reserve: async () => true,
          release: async (tokenId, { redemptionId }) =>
            void released.push({ tokenId, redemptionId }),
        },
      })
      const world = new World({ inviter: { hooks } })
      world.faults = {
        fate: (side, _payload, n) => (side === 'dialer' && n > 1 ? 'cut' : 'deliver'),
      }
      await world.redeemed(world.invite({ initiatorRole: 'foil' }))
      expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ reserved: 1 }])
      const { manager } = world.alice
      if (noticed === 'by itself') manager.start()
      await world.pass(700_000, 10_000)
      if (noticed === 'by a reaper') await manager.reap(reapWish(['expired']))
      await settle()
      const [session] = world.alice.sessions
      expect(released).toEqual([{ tokenId: session?.tokenId, redemptionId: session?.redemptionId }])
      await manager.drain(0)
    },
  )

  it('may refuse what the ledger would give', async () => {
    const stub = async () => ({ refused: 'used', reason: 'another node was quicker' })
    const world = new World({ inviter: { hooks: withStub('token.reserve', stub) } })
    expect(await world.redeemed(world.invite())).toMatchObject({
      reason: 'used',
      detail: 'another node was quicker',
    })
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 0 }])
  })
})

describe('database.provision', () => {
  const slowly = (gate: Promise<void>) => (own: MemoryHooks) =>
    withStub('database.provision', async (...args) => {
      await gate
      const [createdBy, inviter, invitee, sessionId, context] = args as Parameters<
        typeof own.database.provision
      >
      // A host that does not look at the signal.
      const signal = new AbortController().signal
      return await own.database.provision(createdBy, inviter, invitee, sessionId, {
        ...context,
        signal,
      })
    })(own)

  it('that answers after its deadline has what it built taken back', async () => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const gate = Promise.withResolvers<void>()
      const slow = { hooks: slowly(gate.promise) }
      const world = new World(initiatorRole === 'stock' ? { inviter: slow } : { invitee: slow })
      const builder = initiatorRole === 'stock' ? world.alice : world.bob
      const removed = spyOnRemovals(builder.own)
      const outcome = world.redeem(world.invite({ initiatorRole }))
      await world.pass(16_000)
      expect(await outcome).toMatchObject({ completed: false })
      const early = removed.length
      gate.resolve()
      await settle()
      expect(removed.length).toBe(early + 1)
      expect(builder.own.database.draftOf(removed.at(-1) ?? '')).toBeUndefined()
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    }
  })

  it('that answers late does not take away what a later session has built', async () => {
    let calls = 0
    const gate = Promise.withResolvers<void>()
    const hooks = (own: MemoryHooks): SessionHooks => {
      const slow = slowly(gate.promise)(own)
      return {
        ...slow,
        database: {
          ...slow.database,
          provision: async (...all) => {
            calls += 1
            const hook = calls === 1 ? slow.database : own.database
            return await hook.provision(...all)
          },
        },
      }
    }
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    const first = world.redeem(link)
    await world.pass(12_000)
    expect(await first).toMatchObject({ completed: false })
    const second = await world.redeemed(link)
    expect(second).toMatchObject({ completed: true })
    gate.resolve()
    await settle()
    const tallyId = second.completed ? second.tallyId : ''
    expect(world.alice.own.database.draftOf(tallyId)).toEqual(world.alice.tallies[0]?.built.draft)
  })

  it('that answers late does not take away what a later session is building', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const removed: number[] = []
    let calls = 0
    const hooks = (own: MemoryHooks): SessionHooks => ({
      ...own,
      database: {
        provision: async (createdBy, _inviter, _invitee, _session, { tallyId }) => {
          calls += 1
          await gates[calls - 1]?.promise
          return { tally: { tallyId, createdBy }, dbConnectionInfo: automergeDatabase(tallyId) }
        },
        deprovision: async () => void removed.push(calls),
      },
    })
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    const first = world.redeem(link)
    await world.pass(11_000)
    expect(await first).toMatchObject({ completed: false })
    expect(removed).toEqual([1])
    const second = world.redeem(link)
    await settle()
    expect(calls).toBe(2)
    gates[0]?.resolve()
    await settle()
    expect(removed).toEqual([1])
    gates[1]?.resolve()
    expect(await second).toMatchObject({ completed: true })
  })

  it('of the next session waits for the removal by the last one', async () => {
    const removal = Promise.withResolvers<void>()
    const order: string[] = []
    let calls = 0
    const hooks = (own: MemoryHooks): SessionHooks => ({
      ...own,
      database: {
        provision: async (...all) => {
          calls += 1
          order.push(`build ${calls}`)
          if (calls === 1) throw new Error('disk full')
          return await own.database.provision(...all)
        },
        deprovision: async (tallyId, context) => {
          order.push('removal begins')
          await removal.promise
          await own.database.deprovision(tallyId, context)
          order.push('removal ends')
        },
      },
    })
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    expect(await world.redeemed(link)).toMatchObject({ reason: 'provision_failed' })
    const second = world.redeem(link)
    await settle()
    removal.resolve()
    expect(await second).toMatchObject({ completed: true })
    expect(order).toEqual(['build 1', 'removal begins', 'removal ends', 'build 2'])
  })

  it('may name the tally itself', async () => {
    const named = (tallyId: string): DatabaseResult => ({
      tally: { tallyId, createdBy: 'stock' },
      dbConnectionInfo: { engine: 'own', endpoint: 'own:1', credentialsRef: 'x' },
    })
    const world = new World({
      inviter: { hooks: withStub('database.provision', async () => named('tally-of-mine')) },
      invitee: { hooks: withStub('database.verify', async () => true) },
    })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: true, tallyId: 'tally-of-mine' })
    expect(world.bob.tallies[0]?.built).toEqual(world.alice.tallies[0]?.built)
  })

  it('that builds for the wrong role has it taken back', async () => {
    const world = new World({
      inviter: {
        hooks: withStub('database.provision', async () => ({
          tally: { tallyId: 'wrong', createdBy: 'foil' },
          dbConnectionInfo: { endpoint: 'x', credentialsRef: 'x' },
        })),
      },
    })
    const removed = spyOnRemovals(world.alice.own)
    expect(await world.redeemed(world.invite())).toMatchObject({ reason: 'provision_failed' })
    expect(removed).toContain('wrong')
  })
})

describe("the invitee's own hooks", () => {
  it.each([...Object.values(BAD), ...Object.values(RUBBISH)])(
    'fail its own session only (%#)',
    async (stub) => {
      const world = new World({ invitee: { hooks: withStub('database.provision', stub) } })
      const link = world.invite({ initiatorRole: 'foil' })
      expect(await world.redeemed(link)).toMatchObject({
        reason: 'hook_failed',
        step: 'PROVISIONING_DB',
      })
      expect(world.bob.tallies).toEqual([])
      await world.pass(2_000)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )

  it('have the last word on a database that the inviter built', async () => {
    const world = new World({
      invitee: { hooks: withStub('database.verify', async () => false) },
    })
    expect(await world.redeemed(world.invite())).toMatchObject({ reason: 'response_invalid' })
    expect(world.bob.tallies).toEqual([])
  })
})

/** Every tally id that was asked to be removed. */
function spyOnRemovals(own: MemoryHooks): string[] {
  const removed: string[] = []
  const remove = own.database.deprovision.bind(own.database)
  own.database.deprovision = async (tallyId, context) => {
    removed.push(tallyId)
    await remove(tallyId, context)
  }
  return removed
}
