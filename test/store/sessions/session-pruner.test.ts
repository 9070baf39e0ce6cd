import { beforeEach, describe, expect, it } from 'vitest'
import { FinalStateError } from '../../../src/session/errors.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import type { StoreTransaction } from '../../../src/session/ports/store.ts'
import { PRUNE_BATCH } from '../../../src/store/sessions/session-pruner.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import {
  claimOf,
  grantOf,
  issue,
  requestOf,
  reserve,
  responseOf,
  summaryOf,
  T0,
  tallyOf,
} from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

const OVER = { state: 'COMPLETED', endedAt: T0 + 1 }

function entry(seq: number) {
  return { seq, from: 'A', to: 'B', event: `{"n":${seq}}`, at: T0 + seq, ms: seq + 0.5 }
}

function add(id: string, more: Partial<SessionSummary> = OVER): void {
  store.transact((each) => {
    each.saveSession(summaryOf(id, more))
    each.appendJournal(id, [entry(1), entry(2)])
  })
}

function addMany(count: number, more: Partial<SessionSummary> = OVER): void {
  for (let index = 0; index < count; index += 1) add(`s${index}`, more)
}

const transact = <Result>(work: (transaction: StoreTransaction) => Result): Result =>
  store.transact(work).value

/** Runs until nothing is left to do. */
function prune(keep: number): number {
  let runs = 1
  while (transact((each) => each.pruneHistory(keep))) runs += 1
  return runs
}

const ids = () => store.repositories.sessions.list({ limit: 10_000 }).map(({ id }) => id)
const hasJournal = (id: string) => store.repositories.sessions.entries(id).length > 0

describe('sessions that are over', () => {
  it('are kept to the bound, with their journals; of older ones nothing is left', () => {
    addMany(10)
    prune(3)
    expect(ids()).toEqual(['s9', 's8', 's7'])
    expect(ids().every(hasJournal)).toBe(true)
    expect(['s0', 's6'].some(hasJournal)).toBe(false)
    prune(0)
    expect(ids()).toEqual([])
  })

  it('go some hundred at a time, and new ones beside them', () => {
    addMany(2 * PRUNE_BATCH + 7)
    expect(transact((each) => each.pruneHistory(2))).toBe(true)
    expect(ids()).toHaveLength(PRUNE_BATCH + 7)
    expect(prune(2)).toBe(2)
    expect(ids()).toHaveLength(2)
    add('newer')
    expect(prune(2)).toBe(1)
    expect(ids()[0]).toBe('newer')
    expect(ids()).toHaveLength(2)
  })

  it('that ended late stay if the bound was raised meanwhile', () => {
    add('open', {})
    addMany(2)
    prune(0)
    transact((each) => each.saveSession(summaryOf('open', OVER)))
    prune(100)
    expect(ids()).toEqual(['open'])
  })

  it('but not those that are not over, whose journals are needed', () => {
    add('open', {})
    addMany(5)
    prune(1)
    expect(ids()).toEqual(['s4', 'open'])
    expect(hasJournal('open')).toBe(true)
    transact((each) => each.saveSession(summaryOf('open', OVER)))
    prune(1)
    expect(ids()).toEqual(['s4'])
  })

  it('are not begun anew by a process that was paused for so long', () => {
    add('paused', OVER)
    addMany(2)
    prune(0)
    expect(() => transact((each) => each.updateSession(summaryOf('paused')))).toThrow(
      FinalStateError,
    )
    transact((each) => each.appendLate('paused', [entry(3)]))
    expect(ids()).toEqual([])
  })

  it('get no late word if their journal is gone, and one if it is there', async () => {
    const claim = await offered('bob')
    add('early', { ...OVER, redemptionId: claim.redemptionId })
    transact((each) => each.appendLate('early', [entry(3)]))
    expect(store.repositories.sessions.entries('early')).toHaveLength(3)
    addMany(3)
    prune(1)
    transact((each) => each.appendLate('early', [entry(4)]))
    expect(ids()).toContain('early')
    expect(hasJournal('early')).toBe(false)
  })
})

/** A use of a standing invitation, committed and not acknowledged. */
async function offered(peer: string) {
  if (store.repositories.tokens.find('standing') === undefined) await issue(store, 'standing', null)
  const claim = claimOf(await reserve(store, requestOf(grantOf('standing', null), peer)))
  const tally = tallyOf(claim.tallyId, claim.redemptionId)
  const response = responseOf(claim.redemptionId)
  expect(transact((each) => each.commit(claim, tally, { response }, T0))).toBe(true)
  return claim
}

describe('of a thing that is not finished the newest session stays, without its journal', () => {
  beforeEach(() => issue(store, 'many', 5))

  it('a use that is reserved', async () => {
    const request = requestOf(grantOf('many', 5), 'bob')
    const claim = claimOf(await reserve(store, request))
    const { redemptionId, fence } = claim
    add('first', { ...OVER, redemptionId, fence })
    addMany(3)
    prune(1)
    expect(ids()).toEqual(['s2', 'first'])
    const again = claimOf(await reserve(store, requestOf(grantOf('many', 5), 'bob')))
    expect(again).toMatchObject({ redemptionId, retries: 1 })
    add('second', { ...OVER, redemptionId, retries: 1 })
    add('last')
    prune(1)
    expect(ids()).toEqual(['last', 'second'])
    expect(hasJournal('second')).toBe(false)
    transact((each) => each.release(again, 'lapsed', T0))
    prune(1)
    expect(ids()).toEqual(['last'])
  })

  it('an offer that nobody acknowledged', async () => {
    const { redemptionId } = await offered('carol')
    add('offering', { ...OVER, redemptionId })
    addMany(3)
    prune(1)
    expect(ids()).toEqual(['s2', 'offering'])
    const { hash } = responseOf(redemptionId)
    transact((each) => each.confirm(redemptionId, 'carol', hash, T0))
    prune(1)
    expect(ids()).toEqual(['s2'])
  })

  it('an attempt, be it running or holding a tally', () => {
    const attempt = {
      attemptId: 'a1',
      bootstrapId: 'b1',
      linkHash: 'link',
      tokenId: 't',
      inviter: 'alice',
      role: 'foil' as const,
      requestHash: 'h',
      identity: {},
      cadre: [],
      status: 'running' as const,
      createdAt: T0,
    }
    const lease = { owner: 'p/1', until: T0 + 1 }
    transact((each) => each.beginAttempt(attempt, { lease, after: undefined, now: T0 }))
    add('dialled', { ...OVER, side: 'dialer', redemptionId: 'a1' })
    addMany(2)
    prune(1)
    expect(ids()).toEqual(['s1', 'dialled'])
    transact((each) => each.setAttempt('a1', 'held', 'tally'))
    prune(1)
    expect(ids()).toEqual(['s1', 'dialled'])
    transact((each) => each.setAttempt('a1', 'confirmed', 'tally'))
    prune(1)
    expect(ids()).toEqual(['s1'])
  })

  it('a removal that is owed', () => {
    const order = { tallyId: 't1', redemptionId: 'r1', fence: 1, peerId: 'bob', reason: 'late' }
    transact((each) => each.oweRemoval({ ...order, sessionId: 'built' }, T0))
    add('built')
    addMany(2)
    prune(1)
    expect(ids()).toEqual(['s1', 'built'])
    transact((each) => each.settleRemoval('t1'))
    prune(1)
    expect(ids()).toEqual(['s1'])
  })

  it('however many are kept, new ones go in one run, and kept ones when their time has come', async () => {
    const kept: string[] = []
    for (let index = 0; index < 250; index += 1) {
      const { redemptionId } = await offered(`peer-${index}`)
      add(`k${index}`, { ...OVER, redemptionId })
      kept.push(redemptionId)
    }
    prune(0)
    expect(ids()).toHaveLength(250)
    addMany(20)
    expect(transact((each) => each.pruneHistory(0))).toBe(false)
    expect(ids()).toHaveLength(250)
    for (const [index, id] of kept.entries())
      transact((each) => each.confirm(id, `peer-${index}`, responseOf(id).hash, T0))
    // A hundred of them at a time.
    for (let run = 0; run < 4; run += 1) transact((each) => each.pruneHistory(0))
    expect(ids()).toEqual([])
  })
})
