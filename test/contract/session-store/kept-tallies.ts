import { describe, expect, it } from 'vitest'
import type { Lease } from '../../../src/session/ports/attempt.ts'
import type { TallyRecord } from '../../../src/session/ports/tally.ts'
import { attemptOf, T0, tallyOf } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver } from './store-driver.ts'

const MINE: Lease = { owner: 'p/1', until: T0 + 30_000 }
const THEIRS: Lease = { owner: 'q/2', until: T0 + 60_000 }

interface Keeping {
  readonly mustOwn?: boolean
  readonly voidClaim?: Lease
}

function toKeep(tally: TallyRecord, { mustOwn = false, ...more }: Keeping = {}) {
  const write = { op: 'keepTally', attemptId: 'a1', tally, mustOwn, tokenId: 't', ...more } as const
  return { ...write, facts: factsOf('alice') }
}

export function describeTallies(engine: EngineUnderTest): void {
  describe('a tally of the invitee', () => {
    const on = new StoreDriver(engine)
    const find = () => on.lookups.tallies.find('y')
    const begin = () => {
      const attempt = attemptOf('a1')
      return on.apply({ op: 'beginAttempt', attempt, lease: MINE, after: undefined, now: T0 })
    }
    const attempt = () => on.lookups.attempts.latest('link-a1')
    const kept = async (tally: TallyRecord) => (await on.ask(toKeep(tally))).kept

    it('that is only held gives way to one with another draft; others do not', async () => {
      const held = tallyOf('y', 'r', 'held')
      const text = '{"another":"draft"}'
      const other = { ...held, built: { ...held.built, draft: { text, sha256: 'other' } } }
      expect(await kept(held)).toEqual(held)
      expect(await find()).toEqual(held)
      expect(await kept(other)).toEqual(other)
      expect((await kept({ ...other, status: 'confirmed' })).status).toBe('confirmed')
      expect(await kept(held)).toEqual({ ...other, status: 'confirmed' })
      expect(await find()).toEqual({ ...other, status: 'confirmed' })
    })

    it('is the attempt’s own', async () => {
      await begin()
      await kept(tallyOf('y', 'r', 'held'))
      expect(await attempt()).toMatchObject({ status: 'held', tallyId: 'y' })
      await kept(tallyOf('y', 'r', 'confirmed'))
      expect(await attempt()).toMatchObject({ status: 'confirmed', tallyId: 'y' })
    })

    it('keeps the signatures under its receipt, and those that come later', async () => {
      const receipt = { tokenId: 't', request: 'ab'.repeat(32), response: 'cd'.repeat(32) }
      const held = tallyOf('y', 'r', 'held')
      await kept({ ...held, receipt: { ...receipt, inviteeSignature: 'bWluZQ' } })
      const confirm = (signature: string) =>
        on.apply({ op: 'confirmTally', attemptId: 'a1', tallyId: 'y', signature })
      await confirm('dGhlaXJz')
      await confirm('b3RoZXI')
      expect(await find()).toEqual({
        ...held,
        status: 'confirmed',
        receipt: { ...receipt, inviteeSignature: 'bWluZQ', inviterSignature: 'dGhlaXJz' },
      })
    })

    it('that was held is confirmed with its attempt', async () => {
      await begin()
      await kept(tallyOf('y', 'r', 'held'))
      await on.apply({ op: 'confirmTally', attemptId: 'a1', tallyId: 'y' })
      expect((await find())?.status).toBe('confirmed')
      expect(await attempt()).toMatchObject({ status: 'confirmed' })
    })

    it('that was refused is gone with its document, and its attempt is over', async () => {
      await begin()
      await kept(tallyOf('y', 'r', 'held'))
      await on.engine.addDocument('y', Uint8Array.of(1))
      await on.apply({ op: 'discardTally', attemptId: 'a1', tallyId: 'y' })
      expect(await find()).toBeUndefined()
      expect(await on.inspect.document('y')).toEqual([])
      expect(await attempt()).toMatchObject({ status: 'ended' })
    })

    it('is marked as withdrawn once, by the inviter that it is with', async () => {
      await begin()
      const tally = { ...tallyOf('y', 'r', 'confirmed'), role: 'foil' } as const
      await kept({ ...tally, partner: { ...tally.partner, peerId: 'alice' } })
      const note = (peerId: string) =>
        on.ask({
          op: 'noteWithdrawn',
          attemptId: 'a1',
          tokenId: 't',
          now: T0 + 1,
          facts: factsOf(peerId),
        })
      expect(await note('mallory')).toEqual({})
      expect(await note('alice')).toEqual({ tallyId: 'y' })
      expect(await note('alice')).toEqual({})
      expect((await find())?.status).toBe('withdrawn')
      expect((await on.lookups.attempts.kept('link-a1'))?.attemptId).toBe('a1')
    })
  })

  describe('what keeping a tally has to do with its removal', () => {
    const on = new StoreDriver(engine)
    const order = {
      tallyId: 'y',
      redemptionId: 'a1',
      fence: 0,
      sessionId: 's',
      peerId: 'alice',
      reason: 'built too late',
    }
    const owe = () => on.ask({ op: 'oweRemoval', order, now: T0 })
    const claim = (lease: Lease) =>
      on.ask({
        op: 'claimRemoval',
        tallyId: 'y',
        claim: lease,
        isPossible: true,
        now: T0,
        left: LEFT,
      })
    const keep = (more: Keeping) => on.fate(toKeep(tallyOf('y', 'a1', 'held'), more))

    it('is that it is cancelled', async () => {
      await owe()
      expect(await keep({})).toBe('applied')
      expect(await on.inspect.removal('y')).toBeUndefined()
    })

    it('is that whoever must own it is overtaken if none is owed, or it is claimed by another', async () => {
      expect(await keep({ mustOwn: true })).toBe('overtaken')
      expect(await on.lookups.tallies.find('y')).toBeUndefined()
      await owe()
      await claim(THEIRS)
      expect(await keep({ mustOwn: true })).toBe('overtaken')
      expect(await keep({ mustOwn: true, voidClaim: MINE })).toBe('overtaken')
      expect(await on.inspect.removal('y')).toMatchObject({ claim: THEIRS })
      expect(await keep({ mustOwn: true, voidClaim: THEIRS })).toBe('applied')
      expect(await on.inspect.removal('y')).toBeUndefined()
    })

    it('is that who has put it off owns it', async () => {
      await owe()
      expect(await keep({ mustOwn: true })).toBe('applied')
    })
  })
}

const LEFT = {
  type: 'database',
  severity: 'warning',
  at: T0,
  monotonic: 1,
  data: { event: 'left' },
} as const
