import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { WatchedCommits } from '../../store/commit/watched-commits.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import type { FileBytes } from '../status/store-usage.ts'

/** Seconds: a disk with a write cache that is safe, to one that is dying. */
const SYNC_BUCKETS = [0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5]

/** Pieces of work in one commit. */
const BATCH_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** How fine the loop's lag is measured, ms. */
const LAG_RESOLUTION_MS = 20

const NANOSECONDS = 1e9

/** How the store is written. @returns stops to look */
export function countCommits(registers: Registry[], store: WatchedCommits): () => void {
  const batches = new Histogram({
    name: 'taleus_commit_batch_size',
    help: 'Pieces of work that shared one commit.',
    buckets: BATCH_BUCKETS,
    registers,
  })
  const syncs = new Histogram({
    name: 'taleus_fsync_seconds',
    help: 'Time until a commit was on the disk.',
    buckets: SYNC_BUCKETS,
    registers,
  })
  return store.watchCommits((size, ms) => {
    batches.observe(size)
    syncs.observe(ms / 1_000)
  })
}

/** How late the event loop is. @returns stops to look */
export function measureLag(registers: Registry[]): () => void {
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
  delay.enable()
  new Gauge({
    name: 'taleus_event_loop_lag_seconds',
    help: 'How late the event loop was since the last look.',
    // Not `quantile`, which belongs to summaries.
    labelNames: ['rank'],
    registers,
    collect() {
      for (const [rank, value] of lagsOf(delay)) this.set({ rank }, value)
      delay.reset()
    },
  })
  return () => void delay.disable()
}

/** Takes off the time between two looks, which the measurement includes. */
function lagsOf(
  delay: ReturnType<typeof monitorEventLoopDelay>,
): readonly (readonly [string, number])[] {
  const seconds = (value: number) => Math.max(0, value / NANOSECONDS - LAG_RESOLUTION_MS / 1_000)
  if (delay.count === 0) return []
  return [
    ['0.5', seconds(delay.percentile(50))],
    ['0.99', seconds(delay.percentile(99))],
    ['1', seconds(delay.max)],
  ]
}

export interface ServiceFacts {
  readonly status: ListenerStatus
  readonly files: FileBytes
  readonly auditRecords: number
}

/** Tells the service's own figures, as they are when asked. */
export function tellService(registers: Registry[], facts: () => ServiceFacts): void {
  const gauge: Telling = (name, help, value) => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(facts()))
      },
    })
  }
  gauge('taleus_ready', '1 if newcomers are served.', ({ status }) => Number(status.health.ready))
  gauge('taleus_draining', '1 while it stops.', ({ status }) => Number(status.draining))
  gauge('taleus_start_time_seconds', 'When it started.', ({ status }) => status.startedAt / 1_000)
  gauge(
    'taleus_node_certificate_end_seconds',
    'Until when this node may speak for its party; not a number for the party itself.',
    ({ status }) => (status.certifiedUntil ?? Number.NaN) / 1_000,
  )
  gauge('taleus_connections', 'Open connections.', ({ status }) => status.connections)
  gauge('taleus_streams', 'Open streams.', ({ status }) => status.streams)
  gauge('taleus_buffered_bytes', 'Held by streams.', ({ status }) => status.bufferedBytes)
  gauge('taleus_memory_bytes', 'Resident memory.', ({ status }) => status.rssBytes)
  gauge(
    'taleus_oldest_commit_seconds',
    'For how long the oldest commit has been on its way to the disk.',
    ({ status }) => (status.oldestCommitMs ?? 0) / 1_000,
  )
  tellAudit(gauge)
  gauge(
    'taleus_disk_free_bytes',
    'What may still be written.',
    ({ status }) => status.disk.freeBytes ?? Number.NaN,
  )
  tellFiles(registers, facts)
  new Gauge({
    name: 'taleus_rate_buckets',
    help: 'Rate-limit buckets in use.',
    labelNames: ['of'],
    registers,
    collect() {
      for (const [of, { inUse }] of Object.entries(facts().status.buckets)) this.set({ of }, inUse)
    },
  })
  countDoor(registers, facts)
}

function tellFiles(registers: Registry[], facts: () => ServiceFacts): void {
  new Gauge({
    name: 'taleus_file_bytes',
    help: 'Size of the store’s file, its log, and the event file.',
    labelNames: ['file'],
    registers,
    collect() {
      for (const [file, bytes] of Object.entries(facts().files)) this.set({ file }, bytes)
    },
  })
}

/** Tells of each relay by which others reach the listener. */
export function tellRelays(registers: Registry[], facts: () => ServiceFacts): void {
  new Gauge({
    name: 'taleus_relay_reserved',
    help: '1 if others can come by this relay.',
    labelNames: ['relay'],
    registers,
    collect() {
      for (const { address, state } of facts().status.relays ?? [])
        this.set({ relay: address }, Number(state === 'reserved'))
    },
  })
}

type Telling = (name: string, help: string, value: (facts: ServiceFacts) => number) => void

function tellAudit(gauge: Telling): void {
  gauge('taleus_audit_records', 'Records of the audit.', ({ auditRecords }) => auditRecords)
  gauge('taleus_audit_broken', '1 if the audit was found broken.', ({ status }) => {
    return Number(status.health.problems.some(({ code }) => code === 'audit_broken'))
  })
}

/** Tells how many were let in and turned away since the start; they are counted at admission. */
function countDoor(registers: Registry[], facts: () => ServiceFacts): void {
  new Counter({
    name: 'taleus_admitted_total',
    help: 'Streams that became sessions.',
    registers,
    collect() {
      this.reset()
      this.inc(facts().status.admitted)
    },
  })
  new Counter({
    name: 'taleus_refused_total',
    help: 'Streams that were turned away at the door, by cause.',
    labelNames: ['cause'],
    registers,
    collect() {
      this.reset()
      for (const [cause, count] of Object.entries(facts().status.refused))
        this.inc({ cause }, count)
    },
  })
}
