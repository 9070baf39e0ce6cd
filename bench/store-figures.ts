import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { verifyTrail } from '../src/service/trail/verify-trail.ts'
import { Admission } from '../src/session/admission/admission.ts'
import { DEFAULT_SESSION_CONFIG } from '../src/session/config/session-config.ts'
import type { StoreTransaction } from '../src/session/ports/store.ts'
import { openStore, type Store } from '../src/store/transaction/store.ts'
import { atLeast, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'
import { mintToken, stockSession } from './store-session.ts'

const AT_ONCE = 100
const SESSIONS = 3_000
/** Of the five commits of one session; the reservation is part of the first transition. */
const TRANSITIONS = 5
const RECORDS = 100_000
const PER_COMMIT = 500
const CALLERS = 10_000
const CHECKS = 300_000
const PEER = '12D3KooWGjNhUQHbRLvTQSpbg1BgJgUJ6zYUDkNB9SsnhBzPNaFE'

/** What the store, the audit and the limits do by themselves, in this process, on a disk. */
export async function storeFigures(parent: string): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(parent, 'store-'))
  const store = openStore(join(directory, 'taleus.db'))
  try {
    return [await transitions(store), limits(), await appends(store), verified(store)]
  } finally {
    store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function transitions(store: Store): Promise<BenchRow> {
  const tokenId = await mintToken(store)
  const run = async (total: number): Promise<void> => {
    let left = total
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        await stockSession(store, tokenId)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
  }
  await run(SESSIONS / 3)
  const ours = await perSecond(SESSIONS * TRANSITIONS, async () => run(SESSIONS))
  const what = `durable transitions/s, ${AT_ONCE} sessions at a time, all that a bootstrap writes`
  return plainRow({ id: 'P4-transitions', what, ours, ...atLeast(10_000, '/s')(ours) })
}

async function appends(store: Store): Promise<BenchRow> {
  const append = (transaction: StoreTransaction, index: number): void =>
    transaction.appendAudit({
      type: 'token',
      severity: 'info',
      at: 1_800_000_000_000 + index,
      monotonic: index,
      sessionId: `session-${Math.floor(index / TRANSITIONS)}`,
      peerId: PEER,
      data: { event: 'confirmed', fence: index },
    })
  const ours = await perSecond(RECORDS, async () => {
    for (let from = 0; from < RECORDS; from += PER_COMMIT) {
      await store.transact((transaction) => {
        for (let index = from; index < from + PER_COMMIT; index += 1) append(transaction, index)
      }).durable
    }
  })
  const what = `audit appends/s, ${PER_COMMIT} to a commit`
  return plainRow({ id: 'P4-audit', what, ours, ...atLeast(50_000, '/s')(ours) })
}

function verified(store: Store): BenchRow {
  const start = performance.now()
  const { ok, records } = verifyTrail(store, PEER)
  const ours = (records / (performance.now() - start)) * 1_000
  const what = `audit records verified/s, of ${records.toLocaleString('en')}`
  const { goal, met } = atLeast(100_000, '/s')(ours)
  return plainRow({ id: 'P5', what, ours, goal, met: met === true && ok })
}

function limits(): BenchRow {
  const roomy = { maxConcurrentSessions: CHECKS, rateLimitPerPeer: 1_000, rateLimitTotal: 1e9 }
  let mono = 0
  const clock = { monotonic: () => mono }
  const admission = new Admission({ ...DEFAULT_SESSION_CONFIG, ...roomy }, clock)
  const around = { sessions: () => 0, holdsReservation: () => false, makeRoom: () => false }
  const callers = Array.from({ length: CALLERS }, (_, index) => ({
    peerId: `peer-${index}`,
    address: `10.${index >> 8}.${index & 255}.1`,
  }))
  const start = performance.now()
  for (let index = 0; index < CHECKS; index += 1) {
    const caller = callers[index % CALLERS]
    mono += 0.01
    if (caller === undefined || admission.admit(caller, around) !== undefined) continue
    admission.ended(caller, 'attempt')
  }
  const ours = (CHECKS / (performance.now() - start)) * 1_000
  const what = `admissions asked for and settled/s, ${CALLERS.toLocaleString('en')} peers`
  return plainRow({ id: 'P4-limits', what, ours, ...atLeast(250_000, '/s')(ours) })
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (count / (performance.now() - start)) * 1_000
}
