import { join } from 'node:path'
import { verifyTrail } from '../../src/service/trail/verify-trail.ts'
import { Admission } from '../../src/session/admission/admission.ts'
import { DEFAULT_SESSION_CONFIG } from '../../src/session/config/session-config.ts'
import { written } from '../../src/session/ports/written.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { auditDraft, issue } from '../../test/store/fixtures.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { runSessions } from './stock-session.ts'

const AT_ONCE = 100
const SESSIONS = 3_000
const WARM_UP_SESSIONS = 1_000
/** Of the five commits of one session; the reservation is part of the first transition. */
const TRANSITIONS = 5
const RECORDS = 100_000
const RECORDS_IN_A_COMMIT = 500
const CALLERS = 10_000
const CHECKS = 300_000
const PEER = '12D3KooWGjNhUQHbRLvTQSpbg1BgJgUJ6zYUDkNB9SsnhBzPNaFE'

/** Measures the store, the limits and the audit by themselves, in this process, on a disk: each per second. */
export async function storeAlone(place: Place): Promise<Finding[]> {
  const store = openStore(join(place.directory, 'taleus.db'))
  place.atEnd(async () => store.close())
  await issue(store, 'token', null)
  await runSessions(store, 'token', WARM_UP_SESSIONS, AT_ONCE)
  const sessions = () => runSessions(store, 'token', SESSIONS, AT_ONCE)
  return [
    { ours: await perSecond(SESSIONS * TRANSITIONS, sessions) },
    { ours: await perSecond(CHECKS, admit) },
    { ours: await perSecond(RECORDS, () => append(store)) },
    await verified(store),
  ]
}

async function append(store: Store): Promise<void> {
  for (let from = 0; from < RECORDS; from += RECORDS_IN_A_COMMIT) {
    const drafts = Array.from({ length: RECORDS_IN_A_COMMIT }, (_, index) => {
      const session = `session-${Math.floor((from + index) / TRANSITIONS)}`
      const data = { event: 'confirmed', fence: from + index }
      return { ...auditDraft(session, ''), peerId: PEER, data }
    })
    await written(
      store,
      drafts.map((draft) => ({ op: 'appendAudit', draft })),
    )
  }
}

async function verified(store: Store): Promise<Finding> {
  const start = performance.now()
  const { ok, records } = await verifyTrail(store, PEER)
  const ours = (records / (performance.now() - start)) * 1_000
  return { ours, problem: ok ? undefined : 'the audit breaks' }
}

async function admit(): Promise<void> {
  const roomy = { maxConcurrentSessions: CHECKS, rateLimitPerPeer: 1_000, rateLimitTotal: 1e9 }
  let mono = 0
  const clock = { monotonic: () => mono }
  const admission = new Admission({ ...DEFAULT_SESSION_CONFIG, ...roomy }, clock)
  const around = { sessions: () => 0, isHolder: false, makeRoom: () => false }
  const callers = Array.from({ length: CALLERS }, (_, index) => ({
    peerId: `peer-${index}`,
    address: `10.${index >> 8}.${index & 255}.1`,
  }))
  for (let index = 0; index < CHECKS; index += 1) {
    const caller = callers[index % CALLERS]
    mono += 0.01
    if (caller === undefined || admission.admit(caller, around) !== undefined) continue
    admission.ended(caller, 'attempt')
  }
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (count / (performance.now() - start)) * 1_000
}
