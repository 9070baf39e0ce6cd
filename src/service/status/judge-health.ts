import type { AdmissionSnapshot } from '../../session/admission/admission-snapshot.ts'
import type { StoreMedium } from '../../store/errors.ts'
import type { CertificateTrouble } from '../node/certificate-watch.ts'
import type { DiskState } from './disk-watch.ts'

/** Something that an operator should know of. */
export interface HealthNote {
  /** Stable, for scripts. */
  readonly code:
    | 'store_failed'
    | 'store_stalled'
    | 'store_unreachable'
    | 'store_read_only'
    | 'files_exhausted'
    | 'files_limited'
    | 'audit_broken'
    | 'certificate_lapsed'
    | 'certificate_late'
    | 'address_missing'
    | 'relay_lost'
    | 'sync_stopped'
    | 'disk_full'
    | 'disk_low'
    | 'breaker_open'
    | 'no_address'
    | 'draining'
    | 'sessions_high'
    | 'connections_high'
  readonly detail: string
}

export interface Health {
  /** Newcomers are served. */
  readonly ready: boolean
  /** Why not. */
  readonly problems: readonly HealthNote[]
  /** Figures that are near a limit. */
  readonly warnings: readonly HealthNote[]
}

/** `stalled`: a commit is on its way for far too long. `away`: the database server does not take what is written. */
export type StoreState = 'well' | 'failed' | 'stalled' | 'read_only' | 'away'

/** The facts that health is judged by. */
export interface HealthFacts {
  readonly admission: Pick<AdmissionSnapshot, 'draining' | 'sessions' | 'breaker'>
  readonly addresses: readonly string[]
  readonly disk: DiskState
  readonly store: StoreState
  /** @default a disk */
  readonly storeOn?: StoreMedium
  /** The trouble with this node's certificate, in words. @default there is none, or it is the party itself */
  readonly certificate?: CertificateTrouble | undefined
  readonly connections: number
  readonly maxConnections: number
  /** @default enough can be opened */
  readonly files?: { readonly isExhausted: boolean; readonly note?: string }
  /** The first record of the audit that is not as it was written, if that was found. */
  readonly brokenAt?: number | undefined
  /** Addresses that it was to listen on and does not, in words. @default none */
  readonly missing?: readonly string[]
  /** Relays by which nobody can come now, in words. @default none */
  readonly lostRelays?: readonly string[]
  /** Tallies that are not synced any further. @default none */
  readonly syncStopped?: number
}

const MIB = 1_048_576

/** The part of a limit from which on it is worth a warning. */
const HIGH_SHARE = 0.8

export function judgeHealth(facts: HealthFacts): Health {
  const problems = problemsOf(facts)
  return { ready: problems.length === 0, problems, warnings: warningsOf(facts) }
}

/** In words. Sessions go on, and are recorded; nobody should be sent to it all the same. */
export function brokenText(seq: number): string {
  return `the audit is broken at record ${seq}, nothing is signed any more: see \`taleus audit verify\``
}

/** In words. */
export function mediumText(medium: StoreMedium = 'disk'): string {
  return medium === 'disk' ? 'its disk' : 'its database server'
}

function problemsOf(facts: HealthFacts): readonly HealthNote[] {
  const { admission, addresses, disk, store, files, brokenAt } = facts
  const notes: HealthNote[] = []
  if (brokenAt !== undefined) notes.push({ code: 'audit_broken', detail: brokenText(brokenAt) })
  if (facts.certificate?.isGood === false)
    notes.push({ code: 'certificate_lapsed', detail: facts.certificate.problem })
  if (store === 'failed')
    notes.push({ code: 'store_failed', detail: 'the store could not be written' })
  if (store === 'stalled') {
    const detail = `${mediumText(facts.storeOn)} does not answer: newcomers are refused`
    notes.push({ code: 'store_stalled', detail })
  }
  if (store === 'away') {
    const detail = 'the database server takes nothing now: newcomers are refused'
    notes.push({ code: 'store_unreachable', detail })
  }
  if (store === 'read_only') {
    notes.push({ code: 'store_read_only', detail: 'the store may not be written' })
  }
  if (files?.isExhausted === true) {
    notes.push({ code: 'files_exhausted', detail: 'no more files can be opened (ulimit -n)' })
  }
  if (disk.level === 'full')
    notes.push({ code: 'disk_full', detail: `${freeOn(disk)}: newcomers are refused` })
  if (admission.breaker.state === 'open') {
    const detail = `${admission.breaker.failuresInARow} databases in a row could not be built`
    notes.push({ code: 'breaker_open', detail })
  }
  if (addresses.length === 0) notes.push({ code: 'no_address', detail: 'nobody can reach it' })
  if (admission.draining) notes.push({ code: 'draining', detail: 'it is about to stop' })
  return notes
}

function warningsOf(facts: HealthFacts): readonly HealthNote[] {
  const { inUse, max } = facts.admission.sessions
  const { connections, maxConnections, files } = facts
  const notes: HealthNote[] = (facts.missing ?? []).map((detail) => {
    return { code: 'address_missing', detail }
  })
  notes.push(...(facts.lostRelays ?? []).map((detail) => ({ code: 'relay_lost' as const, detail })))
  const { syncStopped = 0 } = facts
  if (syncStopped > 0) {
    const detail = `tallies that are not synced any further, ${syncStopped}: see \`taleus tally list\``
    notes.push({ code: 'sync_stopped', detail })
  }
  if (facts.certificate?.isGood === true)
    notes.push({ code: 'certificate_late', detail: facts.certificate.problem })
  if (files?.note !== undefined) notes.push({ code: 'files_limited', detail: files.note })
  if (facts.disk.level === 'low') notes.push({ code: 'disk_low', detail: freeOn(facts.disk) })
  if (inUse >= max * HIGH_SHARE) {
    notes.push({ code: 'sessions_high', detail: `${inUse} of ${max} sessions are under way` })
  }
  if (connections >= maxConnections * HIGH_SHARE) {
    const detail = `${connections} of ${maxConnections} connections are open`
    notes.push({ code: 'connections_high', detail })
  }
  return notes
}

/** In words. A quota, or a disk for temporary files, may be full while the disk itself is not. */
export function freeOn({ freeBytes = 0, isMet = false }: DiskState): string {
  const free = `${Math.floor(freeBytes / MIB)} MiB`
  return isMet ? `its disk takes no more, with ${free} free` : `${free} are free on its disk`
}
