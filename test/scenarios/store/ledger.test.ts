import { beforeEach, describe, expect, it } from 'vitest'
import type { Claim } from '../../../src/session/machine/listener-state.ts'
import type { ApprovedWrite } from '../../../src/session/ports/store.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import {
  claimOf,
  grantOf,
  HOLD,
  HOUR,
  issue,
  requestOf,
  reserve,
  responseOf,
  T0,
  tallyOf,
} from '../../store/fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

function commit(claim: Claim): boolean {
  const tally = tallyOf(claim.tallyId, claim.redemptionId)
  const response = responseOf(claim.redemptionId)
  return store.transact((each) => each.commit(claim, tally, { response }, T0)).value
}

function release(claim: Claim): boolean {
  return store.transact((each) => each.release(claim, 'test', T0)).value
}

function delegate(claim: Claim, until = T0 + 10 * HOLD): ApprovedWrite {
  const { payload } = responseOf(claim.redemptionId)
  return store.transact((each) => {
    each.approve(claim)
    return each.delegate(claim, payload, until)
  }).value
}

describe('a one-time token', () => {
  const grant = grantOf('one', 1)
  beforeEach(() => issue(store, 'one', 1))

  it('goes to the first peer, and the second is told to come back', async () => {
    const first = await reserve(store, requestOf(grant, 'bob'))
    expect(first).toMatchObject({ kind: 'reserved', claim: { use: 1, approvedAt: T0 } })
    const second = await reserve(store, requestOf(grant, 'carol'))
    expect(second).toMatchObject({ kind: 'refused', code: 'in_progress', retryAfterMs: 1_000 })
  })

  it('is used up for others once it is committed', async () => {
    expect(commit(claimOf(await reserve(store, requestOf(grant, 'bob'))))).toBe(true)
    const second = await reserve(store, requestOf(grant, 'carol'))
    expect(second).toMatchObject({ kind: 'refused', code: 'used' })
  })

  it('is free again after a release, with the same use number and another tally', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(release(first)).toBe(true)
    const second = claimOf(await reserve(store, requestOf(grant, 'carol')))
    expect(second.use).toBe(1)
    expect(second.tallyId).not.toBe(first.tallyId)
  })

  it('gives a peer that comes back after a release the same tally id', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    release(first)
    const second = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(second.tallyId).toBe(first.tallyId)
    expect(second.redemptionId).not.toBe(first.redemptionId)
  })

  it('gives no second tally to who asks for another one', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(first)
    const again = requestOf(grant, 'bob', { bootstrapId: 'other', another: true })
    expect(await reserve(store, again)).toMatchObject({ kind: 'replayed', tallyId: first.tallyId })
  })

  it('refuses without writing anything', async () => {
    commit(claimOf(await reserve(store, requestOf(grant, 'bob'))))
    const before = claimOf(await reserve(store, requestOf(grant, 'bob'))).fence
    for (const peer of ['carol', 'dave']) await reserve(store, requestOf(grant, peer))
    await issue(store, 'next', 1)
    const next = claimOf(await reserve(store, requestOf(grantOf('next', 1), 'eve')))
    expect(next.fence).toBe(before + 1)
  })
})

describe('a retry by the same peer', () => {
  const grant = grantOf('many', 3)
  beforeEach(() => issue(store, 'many', 3))

  it('takes its own reservation over, with a higher fence', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const second = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(second).toEqual({ ...first, fence: first.fence + 1, retries: 1 })
  })

  it('attaches to nothing while the earlier session runs', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const isRunning = (id: string): boolean => id === first.redemptionId
    const second = await reserve(store, requestOf(grant, 'bob', { isRunning }))
    expect(second).toMatchObject({ kind: 'refused', code: 'in_progress' })
    expect(commit(first)).toBe(true)
  })

  it('never shortens the time that was promised', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    delegate(claim, T0 + 10 * HOLD)
    await reserve(store, requestOf(grant, 'bob', { now: T0 + 1 }))
    const lapsed = (now: number) => store.transact((each) => each.lapsed(now, 10)).value
    expect(lapsed(T0 + 10 * HOLD)).toEqual([])
    expect(lapsed(T0 + 10 * HOLD + 1)).toHaveLength(1)
  })

  it('is a mismatch if the same request comes with other content, before and after the commit', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const other = () => reserve(store, requestOf(grant, 'bob', { requestHash: 'other' }))
    expect(await other()).toMatchObject({ kind: 'refused', code: 'mismatch' })
    expect(commit(claim)).toBe(true)
    expect(await other()).toMatchObject({ kind: 'refused', code: 'mismatch' })
  })

  it('with a new id, because it lost its state, gets the existing tally', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(claim)
    const lost = requestOf(grant, 'bob', { bootstrapId: 'new', requestHash: 'new' })
    expect(await reserve(store, lost)).toMatchObject({ kind: 'replayed', claim })
  })

  it('gets the same bytes after expiry and revocation', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(claim)
    await store.write(({ tokens }) => tokens.revoke('many', T0 + 1))
    const late = requestOf(grant, 'bob', { now: T0 + 100 * HOUR })
    expect(await reserve(store, late)).toMatchObject({ kind: 'replayed', claim })
    const { resumed, bytes } = store.transact((each) => ({
      resumed: each.resume(late),
      bytes: each.storedResponse(claim.redemptionId),
    })).value
    expect(resumed).toMatchObject({ kind: 'replayed', claim })
    expect(bytes).toEqual(responseOf(claim.redemptionId).payload)
  })

  it('asking for another one gets another use, and each request its own tally again', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(first)
    const another = requestOf(grant, 'bob', { bootstrapId: 'second', another: true })
    const second = claimOf(await reserve(store, another))
    expect(second.use).toBe(2)
    commit(second)
    expect(await reserve(store, requestOf(grant, 'bob'))).toMatchObject({ tallyId: first.tallyId })
    expect(await reserve(store, another)).toMatchObject({
      kind: 'replayed',
      tallyId: second.tallyId,
    })
  })
})

describe('resume', () => {
  const grant = grantOf('many', 3)
  beforeEach(() => issue(store, 'many', 3))
  const resume = (request = requestOf(grant, 'bob')) =>
    store.transact((each) => each.resume(request)).value

  it('finds nothing for a peer that has nothing', () => {
    expect(resume()).toBeUndefined()
  })

  it('leaves a reservation without an answer as it is', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const late = requestOf(grant, 'bob', { now: T0 + 2 * HOLD })
    expect(resume(late)).toBeUndefined()
    expect(store.transact((each) => each.lapsed(T0 + HOLD + 1, 10)).value).toMatchObject([
      { claim },
    ])
    expect(commit(claim)).toBe(true)
  })

  it('finds a delegated redemption, and its fence passes to the new session', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(delegate(claim)).toBe('done')
    const found = resume()
    expect(found).toMatchObject({ kind: 'replayed', claim: { ...claim, fence: claim.fence + 1 } })
    expect(commit(claim)).toBe(false)
    expect(commit(claimOf(found ?? { kind: 'refused', code: 'internal', reason: '' }))).toBe(true)
  })
})

describe('a delegated redemption', () => {
  const grant = grantOf('foil', 1)
  beforeEach(() => issue(store, 'foil', 1))

  it('is answered with the stored bytes when the same request comes again', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    delegate(claim)
    const again = await reserve(store, requestOf(grant, 'bob'))
    expect(again).toMatchObject({ kind: 'replayed', tallyId: claim.tallyId })
    const stored = store.transact((each) => each.storedResponse(claim.redemptionId)).value
    expect(stored).toEqual(responseOf(claim.redemptionId).payload)
  })

  it('is approved anew, with new bytes, when its peer lost its state', async () => {
    delegate(claimOf(await reserve(store, requestOf(grant, 'bob'))))
    const lost = requestOf(grant, 'bob', { bootstrapId: 'new', requestHash: 'new' })
    const outcome = await reserve(store, lost)
    expect(outcome.kind).toBe('reserved')
    const claim = claimOf(outcome)
    const bytes = Uint8Array.of(1, 2, 3)
    const written = store.transact((each) => [
      each.delegate(claim, bytes, T0 + HOLD),
      each.approve(claim),
      each.delegate(claim, bytes, T0 + HOLD),
    ]).value
    expect(written).toEqual(['lost', 'done', 'done'])
    const stored = store.transact((each) => each.storedResponse(claim.redemptionId)).value
    expect(stored).toEqual(bytes)
  })

  it('keeps response and receipt after the commit', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    delegate(claim)
    const tally = tallyOf(claim.tallyId, claim.redemptionId, 'confirmed')
    const receipt = Uint8Array.of(9)
    expect(store.transact((each) => each.commit(claim, tally, { receipt }, T0)).value).toBe(true)
    const kept = store.transact((each) => ({
      response: each.storedResponse(claim.redemptionId),
      receipt: each.storedReceipt(claim.redemptionId),
      tally: each.committedTally(claim.redemptionId),
    })).value
    expect(kept).toEqual({
      response: responseOf(claim.redemptionId).payload,
      receipt,
      tally,
    })
  })

  it('can not be turned into one that this side builds', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    delegate(claim)
    expect(store.transact((each) => each.intendProvision(claim, T0)).value).toBe('lost')
  })
})

describe('a claim with an old fence', () => {
  const grant = grantOf('one', 1)

  it('changes nothing, whatever it tries', async () => {
    await issue(store, 'one', 1)
    const old = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const current = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const tries = store.transact((each) => [
      each.approve(old),
      each.intendProvision(old, T0),
      each.delegate(old, Uint8Array.of(1), T0),
      each.commit(old, tallyOf(old.tallyId, old.redemptionId), {}, T0),
      each.release(old, 'old', T0),
    ]).value
    expect(tries).toEqual(['lost', 'lost', 'lost', false, false])
    expect(store.repositories.tokens.find('one')).toMatchObject({ used: 0, reserved: 1 })
    expect(store.repositories.tallies.find(old.tallyId)).toBeUndefined()
    expect(store.repositories.redemptions.storedResponse(old.redemptionId)).toBeUndefined()
    expect(commit(current)).toBe(true)
  })

  it('is refused after a release too, and fences are never given out twice', async () => {
    await issue(store, 'one', 1)
    const fences: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const claim = claimOf(await reserve(store, requestOf(grant, `peer-${round}`)))
      fences.push(claim.fence)
      expect(release(claim)).toBe(true)
      expect(release(claim)).toBe(false)
      expect(commit(claim)).toBe(false)
    }
    expect(fences).toEqual([...fences].sort((a, b) => a - b))
    expect(new Set(fences).size).toBe(5)
  })

  it('can not release what is committed', async () => {
    await issue(store, 'one', 1)
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(claim)
    expect(release(claim)).toBe(false)
    expect(store.repositories.tokens.find('one')).toMatchObject({ used: 1, reserved: 0 })
  })
})

describe('a peer that has something under way', () => {
  const grant = grantOf('one', 1)
  const holds = (peerId: string) => store.transact((each) => each.holdsReservation(peerId)).value
  const bobs = async () => claimOf(await reserve(store, requestOf(grant, 'bob')))
  beforeEach(() => issue(store, 'one', 1))

  it('is known by it, and nobody else is', async () => {
    expect(holds('bob')).toBe(false)
    await bobs()
    expect([holds('bob'), holds('carol')]).toEqual([true, false])
  })

  it('is not any more when its use was given back', async () => {
    release(await bobs())
    expect(holds('bob')).toBe(false)
  })

  it('is until it has acknowledged the answer', async () => {
    const claim = await bobs()
    commit(claim)
    expect(holds('bob')).toBe(true)
    const { hash } = responseOf(claim.redemptionId)
    store.transact((each) => each.confirm(claim.redemptionId, 'bob', hash, T0))
    expect(holds('bob')).toBe(false)
  })

  it('is not any more when the answer was withdrawn', async () => {
    const claim = await bobs()
    commit(claim)
    const withdrawn = store.transact((each) =>
      each.reaping.withdrawOffer(claim.redemptionId, T0 + 1, T0 + HOUR),
    ).value
    expect(withdrawn).toBe(true)
    expect(holds('bob')).toBe(false)
  })
})

describe('an approval', () => {
  const grant = grantOf('many', 3)
  beforeEach(() => issue(store, 'many', 3))

  const approve = (claim: Claim) => store.transact((each) => each.approve(claim)).value
  const intend = (claim: Claim) => store.transact((each) => each.intendProvision(claim, T0)).value
  const delegateOnly = (claim: Claim) =>
    store.transact((each) => each.delegate(claim, Uint8Array.of(1), T0 + HOLD)).value
  const revoke = () => store.write(({ tokens }) => tokens.revoke('many', T0))

  it('is used up by the first to build on it', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect([intend(claim), intend(claim), approve(claim)]).toEqual(['done', 'lost', 'lost'])
    const other = claimOf(await reserve(store, requestOf(grant, 'carol')))
    expect([approve(other), delegateOnly(other)]).toEqual(['done', 'done'])
    expect([delegateOnly(other), approve(other)]).toEqual(['lost', 'lost'])
  })

  it('is what delegating needs', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(delegateOnly(claim)).toBe('lost')
  })

  it('is void once the token is revoked, and that is told apart from a lost fence', async () => {
    const bob = claimOf(await reserve(store, requestOf(grant, 'bob')))
    const carol = claimOf(await reserve(store, requestOf(grant, 'carol')))
    expect(approve(carol)).toBe('done')
    await revoke()
    expect([intend(bob), approve(bob), delegateOnly(carol)]).toEqual(Array(3).fill('revoked'))
    await reserve(store, requestOf(grant, 'bob'))
    expect(intend(bob)).toBe('lost')
  })

  it('is void once somebody took over, who gets one of its own', async () => {
    const old = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(approve(old)).toBe('done')
    const current = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect([delegateOnly(old), delegateOnly(current)]).toEqual(['lost', 'lost'])
    expect([approve(current), delegateOnly(current)]).toEqual(['done', 'done'])
  })

  it('is given anew to whoever takes over from one who began to build', async () => {
    const crashed = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(intend(crashed)).toBe('done')
    const current = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect([intend(crashed), intend(current), intend(current)]).toEqual(['lost', 'done', 'lost'])
  })
})

describe('the commit point', () => {
  const grant = grantOf('many', 5)
  beforeEach(() => issue(store, 'many', 5))

  it('changes nothing if a hook comes up with the id of a tally that is there', async () => {
    const first = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(first)
    const second = claimOf(await reserve(store, requestOf(grant, 'carol')))
    const stolen = tallyOf(first.tallyId, second.redemptionId)
    expect(store.transact((each) => each.commit(second, stolen, {}, T0)).value).toBe(false)
    expect(store.repositories.tallies.find(first.tallyId)?.redemptionId).toBe(first.redemptionId)
    expect(store.repositories.tokens.find('many')).toMatchObject({ used: 1, reserved: 1 })
    expect(commit(second)).toBe(true)
  })

  it('is confirmed only by the peer it was offered to, with the hash of the very bytes', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    commit(claim)
    const { redemptionId, tallyId } = claim
    const { hash } = responseOf(redemptionId)
    const confirm = (peer: string, with_: string, signature?: string) =>
      store.transact((each) => each.confirm(redemptionId, peer, with_, T0, signature)).value
    expect(confirm('carol', hash)).toBeUndefined()
    expect(confirm('bob', 'other')).toBeUndefined()
    expect(store.repositories.tallies.find(tallyId)?.status).toBe('offered')
    expect(confirm('bob', hash)).toEqual({ tallyId, tokenId: 'many', isNews: true })
    expect(confirm('bob', hash)).toEqual({ tallyId, tokenId: 'many', isNews: false })
    expect(confirm('bob', hash, 'c2ln')).toMatchObject({ isNews: true })
    expect(confirm('bob', hash, 'b3RoZXI')).toMatchObject({ isNews: false })
    expect(confirm('bob', hash)).toMatchObject({ isNews: false })
    expect(store.repositories.tallies.find(tallyId)?.receipt).toBeUndefined()
    expect(store.repositories.tallies.find(tallyId)?.status).toBe('confirmed')
  })

  it('gives no tally of a redemption that was not committed', async () => {
    const claim = claimOf(await reserve(store, requestOf(grant, 'bob')))
    expect(store.transact((each) => each.committedTally(claim.redemptionId)).value).toBeUndefined()
  })
})

describe('a token', () => {
  it('that is revoked or expired is refused to who has nothing yet, and says which', async () => {
    await issue(store, 'gone', 5)
    const late = requestOf(grantOf('gone', 5), 'bob', { now: T0 + HOUR })
    expect(await reserve(store, late)).toMatchObject({ kind: 'refused', code: 'expired' })
    await store.write(({ tokens }) => tokens.revoke('gone', T0))
    expect(await reserve(store, late)).toMatchObject({ kind: 'refused', code: 'revoked' })
  })

  it('without limit is given to any number of peers', async () => {
    await issue(store, 'standing', null)
    const uses: number[] = []
    for (let peer = 0; peer < 20; peer += 1) {
      const claim = claimOf(await reserve(store, requestOf(grantOf('standing', null), `p${peer}`)))
      commit(claim)
      uses.push(claim.use)
    }
    expect(uses).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it('of a foreign hook is judged by the limits that the hook tells', async () => {
    const grant = grantOf('foreign', 1)
    expect((await reserve(store, requestOf(grant, 'bob'))).kind).toBe('reserved')
    expect((await reserve(store, requestOf(grant, 'carol'))).kind).toBe('refused')
    const wider = { ...grant, usesAllowed: 2 }
    expect((await reserve(store, requestOf(wider, 'carol'))).kind).toBe('reserved')
    const now = T0 + 2 * HOUR
    const longer = { ...wider, usesAllowed: 3, expiresAt: T0 + 3 * HOUR }
    expect((await reserve(store, requestOf(wider, 'dave', { now }))).kind).toBe('refused')
    expect((await reserve(store, requestOf(longer, 'dave', { now }))).kind).toBe('reserved')
    expect(store.transact((each) => each.grantOf('foreign')).value).toEqual(longer)
  })

  it('of ours keeps the limits it was issued with, whatever a request says', async () => {
    await issue(store, 'ours', 1)
    await reserve(store, requestOf(grantOf('ours', 1), 'bob'))
    const forged = { ...grantOf('ours', 9), expiresAt: T0 + 9 * HOUR }
    expect((await reserve(store, requestOf(forged, 'carol'))).kind).toBe('refused')
    expect(store.repositories.tokens.find('ours')?.uses).toBe(1)
  })

  it('that was declined stays declined for that peer only', () => {
    store.transact((each) => each.decline('one', 'bob', 'no', T0))
    store.transact((each) => each.decline('one', 'bob', undefined, T0 + 1))
    const has = (token: string, peer: string) =>
      store.transact((each) => each.hasDeclined(token, peer)).value
    expect([has('one', 'bob'), has('one', 'carol'), has('two', 'bob')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('lapsed reservations', () => {
  it('are those past their deadline and not committed, at most as many as asked for', async () => {
    await issue(store, 'standing', null)
    const grant = grantOf('standing', null)
    const claims: Claim[] = []
    for (let peer = 0; peer < 6; peer += 1) {
      const request = requestOf(grant, `p${peer}`, { reservedUntil: T0 + peer })
      claims.push(claimOf(await reserve(store, request)))
    }
    const [first, second] = claims
    if (first === undefined || second === undefined) throw new Error('no claims')
    commit(first)
    store.transact((each) => each.intendProvision(second, T0))
    const ask = (limit: number) =>
      store
        .transact((each) => each.lapsed(T0 + 4, limit))
        .value.map(({ peerId, state }) => `${peerId} ${state}`)
    expect(ask(10).sort()).toEqual(['p1 provisioning', 'p2 reserved', 'p3 reserved'])
    expect(ask(2)).toHaveLength(2)
  })
})
