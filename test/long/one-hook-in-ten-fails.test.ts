import { expect, it, onTestFinished } from 'vitest'
import type { SessionHooks } from '../../src/hooks/session-hooks.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import { WAYS } from '../faults/hook-failures.ts'
import { settle, type TestNode, World } from '../support/session/world.ts'

/** No answer at all is one only where an answer is asked for. */
const WRONG: readonly (() => unknown)[] = [...WAYS, () => undefined]

const HOOKS = ['token', 'identity', 'database'] as const

/** One guest in ten meets a hook that goes wrong: each hook in each way, in turn. */
function wrongFor(
  peerIds: ReadonlyMap<string, number>,
  hook: (typeof HOOKS)[number],
  peer: string,
) {
  const nth = peerIds.get(peer)
  if (nth === undefined || HOOKS[nth % HOOKS.length] !== hook) return undefined
  return WRONG[Math.floor(nth / HOOKS.length) % WRONG.length]
}

function failing(own: SessionHooks, unlucky: ReadonlyMap<string, number>): SessionHooks {
  const or = <Answer>(hook: (typeof HOOKS)[number], peer: string, right: () => Answer): Answer => {
    const wrong = wrongFor(unlucky, hook, peer)
    // What a hook of a host's returns is anything: that is what is tested.
    return wrong === undefined ? right() : (wrong() as Answer)
  }
  return {
    ...own,
    token: {
      ...own.token,
      validate: (token, context) =>
        or('token', context.peerId, () => own.token.validate(token, context)),
      markUsed: (...all) => own.token.markUsed(...all),
    },
    identity: {
      validate: (bundle, required, context) =>
        or('identity', context.peerId, () => own.identity.validate(bundle, required, context)),
    },
    database: {
      ...own.database,
      provision: (role, inviter, peer, ...rest) =>
        or('database', peer, () => own.database.provision(role, inviter, peer, ...rest)),
    },
  }
}

const SESSIONS = 1_000

it('one in ten hooks throws, rejects, hangs or answers rubbish: all other sessions complete, and nothing is uncaught', async () => {
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  onTestFinished(() => void process.off('uncaughtException', note).off('unhandledRejection', note))

  const unlucky = new Map<string, number>()
  const world = new World({
    inviter: {
      config: { maxConcurrentSessions: 2 * SESSIONS, rateLimitTotal: 1_000_000 },
      hooks: (own) => failing(own, unlucky),
    },
  })
  const link = world.invite({ usesAllowed: null, identityRequirements: ['name'] })
  const guests: TestNode[] = Array.from({ length: SESSIONS }, (_, index) =>
    world.stranger(1_000 + index),
  )
  for (const [index, guest] of guests.entries()) {
    if (index % 10 === 0) unlucky.set(guest.peerId, index / 10)
  }
  const outcomes = guests.map((guest) => world.redeem(link, { identity: { name: 'x' } }, guest))
  await settle(400)
  await world.pass(12_000, 1_000)
  const completed = (await Promise.all(outcomes)).map((outcome) => outcome.completed)
  expect(completed).toEqual(guests.map(({ peerId }) => !unlucky.has(peerId)))
  expect(uncaught).toEqual([])
  await world.pass(20_000, 1_000)
  expect(world.alice.manager.getActiveSessionCounts().total).toBe(0)
  expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
    { used: SESSIONS * 0.9, reserved: 0 },
  ])
}, 120_000)
