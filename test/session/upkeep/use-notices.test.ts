import { describe, expect, it } from 'vitest'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import { noticeRecords } from '../../../src/store/records/notice-records.ts'
import { settle, type TestNode, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

type Told = { readonly tokenId: string; readonly sessionId: string }

/** Alice's host, which hears of uses when it is there. */
function host(told: Told[], answer: () => Promise<void>, mustBeTold?: boolean) {
  return (own: TestNode['own']): SessionHooks => ({
    ...own,
    token: {
      validate: (...all) => own.token.validate(...all),
      markUsed: async (tokenId, sessionId) => {
        told.push({ tokenId, sessionId })
        await answer()
      },
      ...(mustBeTold === undefined ? {} : { mustBeTold }),
    },
  })
}

const away = (): Promise<void> => Promise.reject(new Error('the host is away'))
const here = (): Promise<void> => Promise.resolve()

const owed = ({ store }: TestNode) => readNow(store, () => noticeRecords.list(10))

describe.each(['stock', 'foil'] as const)(
  'a token hook that was not told of a use (%s)',
  (initiatorRole) => {
    it('is told again until it has heard, and then no more', async () => {
      const told: Told[] = []
      let answer = away
      const world = new World({ inviter: { hooks: host(told, () => answer()) } })
      world.alice.manager.start()
      expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({
        completed: true,
      })
      expect(owed(world.alice)).toMatchObject([{ tries: 1, lastError: 'Error: the host is away' }])
      await world.pass(60_000, 5_000)
      const tries = told.length
      expect(tries).toBeGreaterThan(2)
      expect(tries).toBeLessThan(9)
      answer = here
      await world.pass(120_000, 5_000)
      expect(told).toHaveLength(tries + 1)
      expect(new Set(told.map(({ sessionId }) => sessionId)).size).toBe(1)
      expect(owed(world.alice)).toEqual([])
      await world.alice.manager.drain(0)
    })

    it('by a process that died is told by the next one', async () => {
      const told: Told[] = []
      const world = new World({
        inviter: { hooks: host(told, () => new Promise(() => undefined)) },
      })
      await world.redeemed(world.invite({ initiatorRole }))
      expect(owed(world.alice)).toMatchObject([{ tries: 0 }])
      const next = world.stranger(1, {
        store: () => world.alice.store,
        hooks: host(told, here),
      })
      next.manager.start()
      await settle()
      // The other one may only be slow.
      expect(told).toHaveLength(1)
      await world.pass(25_000, 1_000)
      expect(told).toHaveLength(2)
      expect(told[1]).toEqual(told[0])
      expect(owed(next)).toEqual([])
      expect(owed(world.alice)).toEqual([])
      await next.manager.drain(0)
    })

    it('is told at once when its peer comes back, in the name of the session that committed', async () => {
      const told: Told[] = []
      let answer = away
      const world = new World({ inviter: { hooks: host(told, () => answer()) } })
      const link = world.invite({ initiatorRole })
      await world.redeemed(link)
      answer = here
      await world.redeemed(link)
      expect(told).toHaveLength(2)
      expect(told[1]).toEqual(told[0])
      await world.redeemed(link)
      expect(told).toHaveLength(2)
    })

    it('leaves no record if it need not be told', async () => {
      const told: Told[] = []
      const world = new World({ inviter: { hooks: host(told, away, false) } })
      await world.redeemed(world.invite({ initiatorRole }))
      expect(told).toHaveLength(1)
      expect(owed(world.alice)).toEqual([])
    })
  },
)

it('what is owed to other hooks is not settled by those that need not be told', async () => {
  const world = new World({ inviter: { hooks: host([], away) } })
  await world.redeemed(world.invite())
  const passBy = async (told: Told[], mustBeTold?: boolean): Promise<void> => {
    const store = () => world.alice.store
    const next = world.stranger(1, { store, hooks: host(told, here, mustBeTold) })
    next.manager.start()
    await world.pass(60_000, 5_000)
    await next.manager.drain(0)
  }
  const told: Told[] = []
  await passBy(told, false)
  expect(told).toEqual([])
  expect(owed(world.alice)).toMatchObject([{ lastError: expect.stringContaining('not set now') }])
  await passBy(told)
  expect(told).toHaveLength(1)
  expect(owed(world.alice)).toEqual([])
})

it('what could not be told is on record in the audit', async () => {
  const world = new World({ inviter: { hooks: host([], away) } })
  await world.redeemed(world.invite())
  expect(world.alice.auditEvents).toContain('host not told')
})
