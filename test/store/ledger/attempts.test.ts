import { beforeEach, describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/session/ports/store.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { T0 } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

const ATTEMPT: Attempt = {
  attemptId: 'a1',
  bootstrapId: 'b1',
  linkHash: 'link',
  tokenId: 't',
  inviter: 'alice',
  role: 'foil',
  requestHash: 'h',
  identity: { name: 'Bob' },
  cadre: ['/ip4/192.0.2.7/tcp/1'],
  status: 'running',
  createdAt: T0,
  sessions: 1,
}
const OTHER = { ...ATTEMPT, attemptId: 'a2', bootstrapId: 'b2' }
const LEASE_MS = 35_000

const find = (link = 'link') => store.transact((each) => each.findAttempt(link)).value
const holds = (id: string, owner: string) =>
  store.transact((each) => each.holdsAttempt(id, owner)).value
const free = (id: string, owner: string) =>
  store.transact((each) => each.freeAttempt(id, owner)).value

function begin(
  attempt: Attempt,
  owner: string,
  now = T0,
  after = find(attempt.linkHash)?.attemptId,
): boolean {
  const lease = { owner, until: now + LEASE_MS }
  return store.transact((each) => each.beginAttempt(attempt, { lease, after, now })).value
}

describe('the invitee’s attempts', () => {
  it('are found by their link, the newest first', () => {
    expect(begin(ATTEMPT, 'p/1')).toBe(true)
    free('a1', 'p/1')
    expect(find()).toEqual(ATTEMPT)
    expect(begin({ ...ATTEMPT, status: 'ended' }, 'p/2')).toBe(true)
    free('a1', 'p/2')
    expect(find()).toEqual({ ...ATTEMPT, sessions: 2 })
    expect(begin(OTHER, 'p/3')).toBe(true)
    free('a2', 'p/3')
    expect(find()).toEqual(OTHER)
    expect(find('other')).toBeUndefined()
  })

  it('are found as kept once a tally came of them, confirmed or not', () => {
    const kept = () => store.transact((each) => each.keptAttempt('link')).value
    expect(begin(ATTEMPT, 'p/1')).toBe(true)
    expect(kept()).toBeUndefined()
    for (const status of ['held', 'confirmed'] as const) {
      store.transact((each) => each.setAttempt('a1', status, 'tally'))
      expect(kept()).toMatchObject({ attemptId: 'a1', status, tallyId: 'tally' })
    }
  })

  it('remember what the user agreed to last', () => {
    const consented = { terms: { unit: 'EUR' }, required: ['name'] }
    for (const each of [ATTEMPT, { ...ATTEMPT, consented }, { ...ATTEMPT, identity: {} }]) {
      expect(begin(each, 'p/1')).toBe(true)
      free('a1', 'p/1')
    }
    expect(find()).toEqual({ ...ATTEMPT, consented, sessions: 3 })
  })

  it('stay confirmed once they are', () => {
    begin(ATTEMPT, 'p/1')
    free('a1', 'p/1')
    store.transact((each) => {
      each.setAttempt('a1', 'confirmed', 'tally')
      each.setAttempt('a1', 'ended')
    })
    expect(find()).toEqual({ ...ATTEMPT, status: 'confirmed', tallyId: 'tally' })
  })
})

describe('a lease', () => {
  it('keeps others off the link, whichever attempt they come with', () => {
    begin(ATTEMPT, 'p/1')
    expect(find()).toEqual({ ...ATTEMPT, lease: { owner: 'p/1', until: T0 + LEASE_MS } })
    expect([begin(ATTEMPT, 'q/2'), begin(OTHER, 'q/3'), begin(ATTEMPT, 'p/4')]).toEqual(
      Array(3).fill(false),
    )
    expect(holds('a1', 'p/1')).toBe(true)
    expect(find()?.attemptId).toBe('a1')
  })

  it('is about one link only', () => {
    begin(ATTEMPT, 'p/1')
    expect(begin({ ...OTHER, linkHash: 'another' }, 'q/2')).toBe(true)
  })

  it('is free at once when it was given back, which only its holder can do', () => {
    begin(ATTEMPT, 'p/1')
    expect([free('a1', 'q/2'), free('a1', 'p/1'), free('a1', 'p/1')]).toEqual([false, true, false])
    expect(begin(ATTEMPT, 'q/2', T0 + 1)).toBe(true)
  })

  it('stands when its time is over until somebody takes it, and is lost then', () => {
    begin(ATTEMPT, 'p/1')
    expect(begin(ATTEMPT, 'q/2', T0 + LEASE_MS - 1)).toBe(false)
    expect(holds('a1', 'p/1')).toBe(true)
    expect(begin(ATTEMPT, 'q/2', T0 + LEASE_MS)).toBe(true)
    expect([holds('a1', 'p/1'), free('a1', 'p/1'), holds('a1', 'q/2')]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('on an earlier attempt is lost too when another attempt begins on the same link', () => {
    begin(ATTEMPT, 'p/1')
    expect(begin(OTHER, 'q/2', T0 + LEASE_MS)).toBe(true)
    expect(holds('a1', 'p/1')).toBe(false)
  })

  it('is refused to a plan that does not know the newest attempt', () => {
    begin(ATTEMPT, 'p/1')
    free('a1', 'p/1')
    expect(begin(OTHER, 'q/2', T0, 'none')).toBe(false)
    expect(begin(OTHER, 'q/2')).toBe(true)
    free('a2', 'q/2')
    expect(begin(ATTEMPT, 'q/3', T0, 'a1')).toBe(false)
  })

  it('is freed with all others of its process, and of no other', () => {
    begin(ATTEMPT, 'p/1')
    begin({ ...OTHER, linkHash: 'two' }, 'p/2')
    begin({ ...OTHER, attemptId: 'a3', linkHash: 'three' }, 'pp/3')
    begin({ ...OTHER, attemptId: 'a4', linkHash: 'four' }, '/4')
    const holders = () => store.transact((each) => each.leaseHolders()).value
    expect(holders()).toEqual(['p', 'pp'])
    store.transact((each) => each.freeLeases('p'))
    expect(holders()).toEqual(['pp'])
    expect([holds('a1', 'p/1'), holds('a2', 'p/2'), holds('a3', 'pp/3')]).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('a database that is being built for an attempt', () => {
  const order = { tallyId: 'tally', redemptionId: 'a0', fence: 0, sessionId: 's', peerId: 'alice' }
  const isDue = (now: number) =>
    store.transact((each) => each.dueRemovals(now, 10)).value.length === 1
  const note = (owner: string) =>
    store.transact((each) => each.noteBuilding('a1', owner, 'tally')).value

  it('is removed by nobody while the lease stands', () => {
    store.transact((each) => each.oweRemoval({ ...order, reason: 'built too late' }, T0))
    begin(ATTEMPT, 'p/1')
    expect(isDue(T0)).toBe(true)
    expect([note('q/2'), isDue(T0)]).toEqual([false, true])
    expect([note('p/1'), isDue(T0)]).toEqual([true, false])
    expect(isDue(T0 + LEASE_MS)).toBe(true)
    free('a1', 'p/1')
    expect(isDue(T0)).toBe(true)
  })

  it('does not take the place of one that is held', () => {
    begin(ATTEMPT, 'p/1')
    store.transact((each) => each.setAttempt('a1', 'held', 'held-tally'))
    expect(note('p/1')).toBe(true)
    expect(find()).toMatchObject({ status: 'held', tallyId: 'held-tally' })
  })
})
