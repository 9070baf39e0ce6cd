import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/session/machine/listener-state.ts'
import {
  MAX_REQUESTS_PER_PEER,
  MAX_REQUESTS_PER_TOKEN,
  type PendingRequest,
  ROOM_OF_EACH_TOKEN,
} from '../../../src/session/ports/uses/pending-request.ts'
import type { ReserveRequest } from '../../../src/session/ports/uses/reservation.ts'
import { claimOf, grantOf, HOLD, HOUR, requestOf, T0, tokenToIssue } from '../../store/fixtures.ts'
import type { EngineUnderTest } from './engine.ts'
import { factsOf, StoreDriver, toCommit } from './store-driver.ts'

const DAY = 24 * HOUR

/** Asks of the inviter, and its word, as sessions and commands write them. */
class AskingDriver extends StoreDriver {
  async issueByHand(id: string, uses: number | null): Promise<Grant> {
    await this.engine.addToken({ ...tokenToIssue(id, uses), byHand: true })
    return { ...grantOf(id, uses), byHand: true }
  }

  keep(request: ReserveRequest, until = request.now + DAY) {
    const shown = { identity: { name: request.peerId }, cadre: [], until }
    const facts = factsOf(request.peerId, request.sessionId)
    return this.ask({ op: 'keepRequest', request: { ...request, ...shown }, facts })
  }

  /** The request that is kept. */
  async kept(request: ReserveRequest, until?: number): Promise<PendingRequest> {
    const answer = await this.keep(request, until)
    if (answer.kind !== 'kept') throw new Error(`refused: ${answer.code}`)
    return answer.request
  }

  yes({ id }: Pick<PendingRequest, 'id'>, now = T0) {
    const times = { heldUntil: now + DAY, now, monotonic: 1 }
    return this.ask({ op: 'approveRequest', id, inviter: 'inviter', ...times })
  }

  no({ id }: Pick<PendingRequest, 'id'>, running: readonly string[] = [], now = T0) {
    const told = { reason: 'who?', running: new Set(running) }
    return this.ask({ op: 'denyRequest', id, ...told, now, monotonic: 1 })
  }

  outdate({ id }: Pick<PendingRequest, 'id'>) {
    return this.ask({ op: 'endRequest', id, ifOutdated: true, now: T0, monotonic: 1 })
  }

  end({ id }: Pick<PendingRequest, 'id'>, now = T0) {
    return this.ask({ op: 'endRequest', id, now, monotonic: 1 })
  }
}

export function describeRequests(engine: EngineUnderTest): void {
  describe('a token by hand', () => {
    const on = new AskingDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issueByHand('hand', 2)
    })

    it('is waited for by those of whom a request has no answer yet', async () => {
      const peers = ['bob', 'carol', 'mallory']
      const bobs = await on.kept(requestOf(grant, 'bob'))
      const another = { bootstrapId: 'more', another: true }
      const more = await on.kept(requestOf(grant, 'bob', another))
      const carols = await on.kept(requestOf(grant, 'carol'))
      const waiting = () => on.lookups.requests.waitingOf(peers)
      const carol = ['carol', new Set([carols.id])] as const
      expect(await waiting()).toEqual(new Map([['bob', new Set([bobs.id, more.id])], carol]))
      await on.yes(bobs)
      expect(await waiting()).toEqual(new Map([['bob', new Set([more.id])], carol]))
      await on.no(more)
      expect(await waiting()).toEqual(new Map([carol]))
      expect(await on.lookups.requests.waitingOf([])).toEqual(new Map())
    })

    it('is reserved by nobody that the inviter has not said yes to', async () => {
      expect(await on.reserve(requestOf(grant, 'bob'))).toEqual({ kind: 'unasked' })
      await on.kept(requestOf(grant, 'bob'))
      const waits = { kind: 'refused', code: 'pending', pendingUntil: T0 + DAY }
      expect(await on.reserve(requestOf(grant, 'bob'))).toMatchObject(waits)
      expect(await on.inspect.token('hand')).toMatchObject({ used: 0, reserved: 0 })
    })

    it('stays by hand, and says so, though a hook has left that out', async () => {
      const { byHand: _, ...untold } = grant
      const look = { grant: untold, peerId: 'bob', another: false }
      const prospect = () => on.lookups.redemptions.prospect(look)
      expect(await prospect()).toEqual({ kind: 'free', byHand: true })
      expect(await on.reserve(requestOf(untold, 'bob'))).toEqual({ kind: 'unasked', byHand: true })
      const request = await on.kept(requestOf(untold, 'bob'))
      expect(await prospect()).toEqual({ kind: 'asked', byHand: true })
      expect(await on.reserve(requestOf(untold, 'bob'))).toMatchObject({ code: 'pending' })
      await on.yes(request)
      const other = { bootstrapId: 'other', requestHash: 'other' }
      expect((await on.reserve(requestOf(untold, 'bob', other))).kind).toBe('unasked')
      const given = await on.reserve(requestOf(untold, 'bob'))
      expect(given).toMatchObject({ kind: 'reserved', byHand: true })
      expect(claimOf(given).redemptionId).toBe(request.redemptionId)
    })

    it('is not one that a hook says is by hand: it is refused at once, but for who has an answer', async () => {
      await on.engine.addToken(tokenToIssue('open', 2))
      const open = grantOf('open', 2)
      await on.ask(toCommit(claimOf(await on.reserve(requestOf(open, 'carol'))), { grant: open }))
      const said: Grant = { ...open, byHand: true }
      const refused = { kind: 'refused', code: 'internal' }
      const look = (peerId: string) =>
        on.lookups.redemptions.prospect({ grant: said, peerId, another: false })
      expect(await look('bob')).toMatchObject(refused)
      expect(await on.reserve(requestOf(said, 'bob'))).toMatchObject(refused)
      expect(await look('carol')).toMatchObject({ kind: 'own', isAnswered: true })
      expect(await on.reserve(requestOf(said, 'carol'))).toMatchObject({ kind: 'replayed' })
    })

    it('with one use knows another tally’s request again, though its peer has lost its id', async () => {
      const only = await on.issueByHand('only', 1)
      const another = requestOf(only, 'bob', { another: true })
      const request = await on.kept(another)
      const anew = { ...another, bootstrapId: 'anew' }
      expect(await on.reserve(anew)).toMatchObject({ code: 'pending' })
      await on.yes(request)
      expect(claimOf(await on.reserve(anew)).redemptionId).toBe(request.redemptionId)
    })

    it('ends what waits under other terms than it has now, with the yes that nobody came for', async () => {
      const { required, optional, terms } = grant
      const [bob, carol, dora] = [
        await on.kept(requestOf(grant, 'bob')),
        await on.kept(requestOf(grant, 'carol')),
        await on.kept(requestOf(grant, 'dora')),
      ]
      await on.yes(carol)
      await on.yes(dora)
      await on.reserve(requestOf(grant, 'dora', { sessionId: 'later' }))
      for (const each of [bob, carol, dora]) expect(await on.outdate(each)).toEqual({})
      await on.engine.changeTerms('hand', { required, optional, terms: { interest: 9 } })
      const dearer = { ...grant, terms: { interest: 9 } }
      for (const each of [bob, carol])
        expect(await on.outdate(each)).toMatchObject({ ended: { end: 'changed' } })
      const erin = await on.kept(requestOf(dearer, 'erin'))
      for (const each of [dora, erin]) expect(await on.outdate(each)).toEqual({})
      expect(await on.yes(bob)).toEqual({ kind: 'none', why: 'gone' })
      expect(await on.inspect.token('hand')).toMatchObject({ reserved: 1 })
      expect(await on.lookups.requests.waitingOf(['bob', 'carol', 'erin'])).toEqual(
        new Map([['erin', new Set([erin.id])]]),
      )
      expect(await on.reserve(requestOf(dearer, 'bob'))).toEqual({ kind: 'unasked' })
      await on.engine.changeTerms('hand', { required, optional, terms })
    })

    it('gives the use that the yes has taken to that request, and is committed under it', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      const said = await on.yes(request)
      expect(said).toMatchObject({ kind: 'approved', claim: { use: 1 } })
      expect(await on.inspect.token('hand')).toMatchObject({ used: 0, reserved: 1 })
      const claim = claimOf(await on.reserve(requestOf(grant, 'bob')))
      expect(claim.redemptionId).toBe(request.redemptionId)
      expect(await on.ask(toCommit(claim, { grant }))).toEqual({ isLast: false })
      expect(await on.inspect.token('hand')).toMatchObject({ used: 1, reserved: 0 })
      expect((await on.reserve(requestOf(grant, 'bob'))).kind).toBe('replayed')
      expect(await on.lookups.requests.countWaiting()).toBe(0)
      expect(await on.yes(request)).toEqual({ kind: 'none', why: 'gone' })
    })

    it('holds the use until the bound of the yes, and frees it after', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      await on.yes(request, T0 + 1_000)
      expect(await on.lookups.redemptions.lapsed(T0 + DAY, 9)).toEqual([])
      const [lapsed] = await on.lookups.redemptions.lapsed(T0 + DAY + 1_001, 9)
      expect(lapsed).toMatchObject({ claim: { redemptionId: request.redemptionId } })
      if (lapsed !== undefined) expect(await on.release(lapsed.claim, 'hand')).toBe(true)
      expect(await on.reserve(requestOf(grant, 'bob'))).toEqual({ kind: 'unasked' })
    })

    it('counts a yes that was not collected in time for nothing, be it released yet or not', async () => {
      await on.yes(await on.kept(requestOf(grant, 'bob')))
      const late = requestOf({ ...grant, expiresAt: T0 + 9 * DAY }, 'bob', { now: T0 + 2 * DAY })
      expect(await on.reserve(late)).toEqual({ kind: 'unasked' })
    })

    it('asks anew when the request, or what the token grants, is not what the inviter saw', async () => {
      const first = await on.kept(requestOf(grant, 'bob'))
      await on.yes(first)
      const other = { requestHash: 'other', bootstrapId: 'other' }
      expect(await on.reserve(requestOf(grant, 'bob', other))).toEqual({ kind: 'unasked' })
      const dearer = { ...grant, terms: { interest: 9 } }
      expect(await on.reserve(requestOf(dearer, 'bob'))).toEqual({ kind: 'unasked' })
      expect(await on.inspect.token('hand')).toMatchObject({ reserved: 1 })
      expect(await on.keep(requestOf(grant, 'bob', other))).toMatchObject({
        kind: 'kept',
        replaced: { request: { id: first.id }, claim: { redemptionId: first.redemptionId } },
      })
      expect(await on.inspect.token('hand')).toMatchObject({ reserved: 0 })
      expect((await on.records()).map(({ data }) => data['event'])).toEqual([
        ...['pending', 'approved', 'reserved', 'released', 'unanswered', 'pending'],
      ])
    })

    it('asks about nobody who has agreed to another offer, and gives it nothing', async () => {
      const changed = { kind: 'refused', code: 'offer_changed' }
      const old = { isOfferOld: true } as const
      expect(await on.reserve(requestOf(grant, 'bob', old))).toMatchObject(changed)
      const request = await on.kept(requestOf(grant, 'bob'))
      expect(await on.reserve(requestOf(grant, 'bob', old))).toMatchObject(changed)
      const dearer = { ...grant, terms: { interest: 9 } }
      expect(await on.reserve(requestOf(dearer, 'bob', old))).toMatchObject(changed)
      await on.yes(request)
      expect(await on.reserve(requestOf(grant, 'bob', old))).toMatchObject(changed)
      await on.ask(toCommit(claimOf(await on.reserve(requestOf(grant, 'bob'))), { grant }))
      expect((await on.reserve(requestOf(grant, 'bob', old))).kind).toBe('replayed')
    })

    it('gives what was shown, also if the terms were others while the yes was said', async () => {
      const { required, optional, terms } = grant
      const request = await on.kept(requestOf(grant, 'bob'))
      await on.engine.changeTerms('hand', { required, optional, terms: { interest: 9 } })
      await on.yes(request)
      await on.engine.changeTerms('hand', { required, optional, terms })
      const given = await on.reserve(requestOf(grant, 'bob'))
      expect(given).not.toHaveProperty('offered')
      await on.ask(toCommit(claimOf(given), { grant }))
      expect(await on.reserve(requestOf(grant, 'bob'))).not.toHaveProperty('offered')
    })

    it('stays on the terms that were agreed to, though they change while the contact is on its way', async () => {
      const { required, optional, terms } = grant
      await on.yes(await on.kept(requestOf(grant, 'bob')))
      await on.engine.changeTerms('hand', { required, optional, terms: { interest: 9 } })
      await on.ask(toCommit(claimOf(await on.reserve(requestOf(grant, 'bob'))), { grant }))
      const now = { ...grant, terms: { interest: 9 } }
      expect(await on.reserve(requestOf(now, 'bob'))).toMatchObject({ offered: { terms } })
    })

    it('keeps the terms that were agreed to, though nobody stood on them when they were changed', async () => {
      const { required, optional, terms } = grant
      const agreed = requestOf({ ...grant, revision: 0 }, 'bob')
      const request = await on.kept(agreed)
      await on.engine.changeTerms('hand', { required, optional, terms: { interest: 9 } })
      await on.yes(request)
      await on.ask(toCommit(claimOf(await on.reserve(agreed)), { grant }))
      const now = { ...grant, revision: 1, terms: { interest: 9 } }
      expect(await on.reserve(requestOf(now, 'bob'))).toMatchObject({ offered: { terms } })
    })

    it('asks about nobody whose terms were changed while it was checked', async () => {
      const { required, optional } = grant
      await on.engine.changeTerms('hand', { required, optional, terms: { interest: 9 } })
      const late = requestOf({ ...grant, revision: 0 }, 'bob')
      expect(await on.keep(late)).toMatchObject({ kind: 'refused', code: 'busy' })
    })

    it('gives what a hook of the inviter’s own shows, whatever the ledger has', async () => {
      const shown = { ...grant, terms: { interest: 9 } }
      await on.yes(await on.kept(requestOf(shown, 'bob')))
      const given = await on.reserve(requestOf(shown, 'bob'))
      expect(given.kind).toBe('reserved')
      expect(given).not.toHaveProperty('offered')
    })

    it('refuses other content under a known id, before the yes and after', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      const other = requestOf(grant, 'bob', { requestHash: 'other' })
      expect(await on.reserve(other)).toMatchObject({ code: 'mismatch' })
      await on.yes(request)
      expect(await on.reserve(other)).toMatchObject({ code: 'mismatch' })
    })

    it('knows a peer again that has lost its id, and goes on under the new one', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      const anew = requestOf(grant, 'bob', { bootstrapId: 'anew' })
      expect(await on.reserve(anew)).toMatchObject({ code: 'pending' })
      await on.yes(request)
      expect(claimOf(await on.reserve(anew)).redemptionId).toBe(request.redemptionId)
    })

    it('takes no second yes, and no yes after its time', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      await on.yes(request)
      expect(await on.yes(request)).toMatchObject({ kind: 'none', why: 'approved' })
      const late = await on.kept(requestOf(grant, 'carol'), T0 + 10)
      expect(await on.yes(late, T0 + 10)).toMatchObject({ kind: 'none', why: 'lapsed' })
      expect(await on.inspect.token('hand')).toMatchObject({ reserved: 1 })
    })

    it('takes a yes after it has expired, if the request came in time, and none after it was revoked', async () => {
      const [bob, carol] = [
        await on.kept(requestOf(grant, 'bob')),
        await on.kept(requestOf(grant, 'carol')),
      ]
      expect(await on.yes(bob, T0 + 2 * HOUR)).toMatchObject({ kind: 'approved' })
      await on.engine.revokeToken('hand', T0 + 2 * HOUR)
      expect(await on.yes(carol, T0 + 2 * HOUR)).toMatchObject({ kind: 'none', why: 'revoked' })
    })

    it('gives each use to one of those that are said yes to, and tells the others', async () => {
      const peers = ['a', 'b', 'c', 'd']
      const all: PendingRequest[] = []
      for (const peer of peers) all.push(await on.kept(requestOf(grant, peer)))
      const said: Awaited<ReturnType<typeof on.yes>>[] = []
      for (const request of all) said.push(await on.yes(request))
      expect(said.map(({ kind }) => kind)).toEqual(['approved', 'approved', 'none', 'none'])
      expect(await on.reserve(requestOf(grant, 'c'))).toMatchObject({ code: 'in_progress' })
      for (const peer of ['a', 'b'])
        await on.ask(toCommit(claimOf(await on.reserve(requestOf(grant, peer))), { grant }))
      expect(await on.reserve(requestOf(grant, 'c'))).toMatchObject({ code: 'used' })
      const over = await on.lookups.requests.over(T0, 9)
      expect(over.map(({ peerId }) => peerId).toSorted()).toEqual(['c', 'd'])
      for (const request of over)
        expect(await on.end(request)).toMatchObject({ ended: { end: 'used' } })
      expect(await on.lookups.requests.over(T0, 9)).toEqual([])
    })

    it('says no for good, with the reason, and not to whoever has a tally', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      expect(await on.no(request)).toMatchObject({ kind: 'denied', request: { id: request.id } })
      const again = requestOf(grant, 'bob', { bootstrapId: 'anew', requestHash: 'anew' })
      expect(await on.reserve(again)).toMatchObject({ code: 'denied', reason: 'who?' })
      expect(await on.keep(again)).toMatchObject({ kind: 'refused', code: 'denied' })
    })

    it('says no to all that its peer has asked for, and to nobody else', async () => {
      const another = requestOf(grant, 'bob', { bootstrapId: 'more', another: true })
      const [first, more] = [await on.kept(requestOf(grant, 'bob')), await on.kept(another)]
      const carol = await on.kept(requestOf(grant, 'carol'))
      await on.yes(more)
      expect(await on.no(first)).toMatchObject({
        others: [{ request: { id: more.id }, claim: { redemptionId: more.redemptionId } }],
      })
      expect(await on.yes(more)).toEqual({ kind: 'none', why: 'gone' })
      expect(await on.inspect.token('hand')).toMatchObject({ reserved: 0 })
      expect(await on.yes(carol)).toMatchObject({ kind: 'approved' })
    })

    it('takes back a yes that nobody has gone on with, and no other', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      await on.yes(request)
      const going = requestOf(grant, 'bob')
      const claim = claimOf(await on.reserve(going))
      expect(await on.no(request, [going.sessionId])).toMatchObject({ why: 'under_way' })
      expect(await on.no(request)).toMatchObject({ kind: 'denied' })
      expect(await on.intend(claim)).toBe('fence')
      expect(await on.inspect.token('hand')).toMatchObject({ reserved: 0 })
      const carol = await on.kept(requestOf(grant, 'carol'))
      await on.yes(carol)
      await on.intend(claimOf(await on.reserve(requestOf(grant, 'carol'))))
      expect(await on.no(carol)).toMatchObject({ why: 'under_way' })
    })

    it('ends what waits in vain, and nothing else', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      expect(await on.end(request)).toEqual({})
      expect(await on.lookups.requests.over(T0 + DAY, 9)).toMatchObject([{ id: request.id }])
      expect(await on.end(request, T0 + DAY)).toMatchObject({ ended: { end: 'lapsed' } })
      expect(await on.events()).toEqual(['pending', 'unanswered'])
    })

    it('is not noted as expired, nor forgotten, while somebody waits there', async () => {
      const request = await on.kept(requestOf(grant, 'bob'))
      expect(await on.lookups.tokens.hasExpired(T0 + HOUR)).toBe(false)
      const forget = { op: 'forgetToken', tokenId: 'hand', now: T0 + HOUR } as const
      expect(await on.ask(forget)).toEqual({ isDone: false })
      await on.end(request, T0 + DAY)
      expect(await on.lookups.tokens.hasExpired(T0 + HOUR)).toBe(true)
      expect(await on.ask(forget)).toEqual({ isDone: true })
    })

    it('shows its offer to whoever waits, and tells others how they stand', async () => {
      const look = (peerId: string) =>
        on.lookups.redemptions.prospect({ grant, peerId, another: false })
      expect(await look('bob')).toEqual({ kind: 'free' })
      const request = await on.kept(requestOf(grant, 'bob'))
      expect(await look('bob')).toEqual({ kind: 'asked' })
      await on.yes(request)
      expect(await look('bob')).toEqual({ kind: 'asked' })
      await on.no(await on.kept(requestOf(grant, 'carol')))
      expect(await look('carol')).toMatchObject({ kind: 'refused', code: 'denied' })
    })

    it('keeps the yes while the invitee builds, for as long as it was given', async () => {
      await on.yes(await on.kept(requestOf(grant, 'bob')))
      const claim = claimOf(await on.reserve(requestOf(grant, 'bob')))
      expect(await on.delegated(claim, T0 + HOLD)).toBe('applied')
      expect(await on.lookups.redemptions.lapsed(T0 + DAY, 9)).toEqual([])
      expect((await on.lookups.redemptions.lapsed(T0 + DAY + 1, 9)).length).toBe(1)
    })
  })

  describe('a crowd at a token by hand', () => {
    const on = new AskingDriver(engine)

    it('takes no place from anybody: not from who is there, nor at other invitations', async () => {
      const grant = await on.issueByHand('crowded', null)
      const first = await on.kept(requestOf(grant, 'honest'))
      const asks = Array.from({ length: MAX_REQUESTS_PER_TOKEN - 1 }, (_, n) =>
        on.keep(requestOf(grant, `p${n}`)),
      )
      expect((await Promise.all(asks)).every(({ kind }) => kind === 'kept')).toBe(true)
      expect(await on.keep(requestOf(grant, 'late'))).toMatchObject({ code: 'busy' })
      expect(await on.reserve(requestOf(grant, 'honest'))).toMatchObject({ code: 'pending' })
      expect(await on.yes(first)).toMatchObject({ kind: 'approved' })
      const other = await on.issueByHand('other', 1)
      for (let n = 0; n < ROOM_OF_EACH_TOKEN; n += 1)
        expect((await on.keep(requestOf(other, `q${n}`))).kind).toBe('kept')
    })

    it('of one peer is small, however many invitations it has', async () => {
      for (let n = 0; n < MAX_REQUESTS_PER_PEER; n += 1) {
        const grant = await on.issueByHand(`t${n}`, 1)
        expect((await on.keep(requestOf(grant, 'bob'))).kind).toBe('kept')
      }
      const more = await on.issueByHand('more', 1)
      expect(await on.keep(requestOf(more, 'bob'))).toMatchObject({ code: 'busy' })
      expect((await on.keep(requestOf(more, 'carol'))).kind).toBe('kept')
    })
  })
}
