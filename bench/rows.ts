import { lines } from './approval/lines.ts'
import { pending } from './approval/pending.ts'
import { besideBare, comparedLatencies } from './bare/compare.ts'
import { cold } from './command/cold.ts'
import { drain } from './command/drain.ts'
import { unfinishedStart } from './command/unfinished-start.ts'
import { hostile, hostileRelayed, patient } from './hostile/siege-rows.ts'
import { crowd } from './listener/crowd.ts'
import { failingHooks } from './listener/failing.ts'
import { growth, live, soak } from './listener/memory.ts'
import { overload } from './listener/overload.ts'
import {
  HUNDRED_AT_A_TIME,
  ONE_AT_A_TIME,
  TEN_AT_A_TIME,
  TEN_NEW_PEERS,
  TEN_OF_WHOLE,
} from './load/loads.ts'
import { nodesBeside, storesBeside } from './postgres/store-rows.ts'
import { places } from './relay/relay.ts'
import { relayed, relayedAnswer } from './relay/relayed.ts'
import { atLeast, atMost, type Goal, NO_GOAL, type Row, share, times } from './report/row.ts'
import { storeAlone } from './store/store-alone.ts'
import { synced } from './sync/sync-rows.ts'
import { busyView, viewedListener } from './view/view.ts'

const LIGHT = { role: 'stock', client: 'light' } as const
const WHOLE = { role: 'stock', client: 'whole' } as const
const LIGHT_FOIL = { role: 'foil', client: 'light' } as const
const WHOLE_FOIL = { role: 'foil', client: 'whole' } as const
const ALL_AT_ONCE = { connection: 'shared', concurrency: 1_000, count: 1_000 } as const

const OVER_BARE = { text: '≤ bare + 3 ms + 2 × fsync', most: { overMs: 0 } }
const STEADY = { text: ', 0 handles', most: { handles: 0, failed: 0 } }
const NO_ERROR = { text: '100 %, no uncaught error', least: { ours: 100 } }

const LESS_THAN_STOCK = {
  text: '≤ 200 KiB, and less than libp2p’s relay',
  most: { ours: 200, ratio: 1 },
}

/** Every session completes, within these bounds. */
function everyOne(text: string, most: Readonly<Record<string, number>>): Goal {
  return { text: `100 %, ${text}`, least: { ours: 100 }, most }
}

/** All rows, in the order they are measured. The counts fit in ten minutes on two slow cores. */
// biome-ignore format: one row a line
export const ROWS: readonly Row[] = [
  { id: 'P1', what: 'bootstraps/s, a new connection and peer each, 10 at a time', goal: share(0.9, 'bare'), measure: besideBare(LIGHT, TEN_NEW_PEERS, 5) },
  { id: 'P2-10', what: 'bootstraps/s on one connection, 10 at a time', goal: share(0.75, 'bare'), measure: besideBare(LIGHT, TEN_AT_A_TIME, 5) },
  { id: 'P2-100', what: 'bootstraps/s on one connection, 100 at a time', goal: share(0.75, 'bare'), measure: besideBare(LIGHT, HUNDRED_AT_A_TIME, 5) },
  { id: 'P2b', what: 'bootstraps/s on one connection, 10 at a time, both sides whole and durable', goal: share(0.4, 'bare'), measure: besideBare(WHOLE, TEN_OF_WHOLE, 5) },
  { id: 'P3', what: 'ms until the invitee has its answer, p50, one at a time', goal: OVER_BARE, measure: besideBare(LIGHT, ONE_AT_A_TIME, 5, comparedLatencies(3)) },
  { id: 'foil-10', what: 'bootstraps/s on one connection, 10 at a time, the invitee builds', goal: NO_GOAL, measure: besideBare(LIGHT_FOIL, TEN_AT_A_TIME, 3) },
  { id: 'foil-whole', what: 'bootstraps/s on one connection, 10 at a time, the invitee builds, both sides whole', goal: NO_GOAL, measure: besideBare(WHOLE_FOIL, TEN_OF_WHOLE, 3) },
  { id: 'P4-transitions', what: 'durable transitions/s, 100 sessions at a time, all that a bootstrap writes', goal: atLeast(10_000, '/s'), measure: storeAlone },
  { id: 'P4-limits', what: 'admissions asked for and settled/s, 10,000 peers', goal: atLeast(250_000, '/s'), measure: storeAlone },
  { id: 'P4-audit', what: 'audit appends/s, 500 to a commit', goal: atLeast(50_000, '/s'), measure: storeAlone },
  { id: 'P5', what: 'audit records verified/s, of 124,000', goal: atLeast(100_000, '/s'), measure: storeAlone },
  { id: 'pg-10', what: 'sessions/s, all that a bootstrap writes, by one node on PostgreSQL, beside SQLite, 10 at a time', goal: share(0.6, 'SQLite'), measure: storesBeside },
  { id: 'pg-100', what: 'the same, 100 at a time', goal: share(0.85, 'SQLite'), measure: storesBeside },
  { id: 'pg-nodes', what: 'the same by three nodes on one server and one invitation, together, beside one node, 100 at a time', goal: NO_GOAL, measure: nodesBeside },
  { id: 'P6', what: 'ms until ready, with 10,000 unfinished redemptions', goal: atMost(3_000, 'ms'), isLong: true, measure: unfinishedStart },
  { id: 'pending-start', what: 'ms until ready, with 10,000 requests that wait for a yes or no, beside none', goal: times(2, 'none'), isLong: true, measure: pending },
  { id: 'pending-memory', what: 'MiB resident with them, beside none', goal: times(1.2, 'none'), isLong: true, measure: pending },
  { id: 'pending-list', what: 'ms for `taleus sessions pending --limit 1000`, with them, beside none', goal: times(2, 'none'), isLong: true, measure: pending },
  { id: 'answer-lines', what: 'KiB that a held line takes beyond its connection, of 1,000 invitees who wait for a yes or no', goal: atMost(10, 'KiB'), isLong: true, measure: lines },
  { id: 'P7-live', what: 'KiB that a live session takes more than a bare stream, of 500', goal: atMost(20, 'KiB'), measure: live },
  { id: 'growth-10', what: 'bootstraps/s of 10, 10 at a time', goal: NO_GOAL, measure: growth },
  { id: 'growth-100', what: 'bootstraps/s of 100, 100 at a time', goal: NO_GOAL, measure: growth },
  { id: 'growth-1000', what: 'bootstraps/s of 1,000, 100 at a time', goal: NO_GOAL, measure: growth },
  { id: 'growth-10000', what: 'bootstraps/s of 10,000, 100 at a time', goal: NO_GOAL, measure: growth },
  { id: 'P7-growth', what: 'MiB more resident after 10,000 sessions than before, after as many', goal: atMost(10, 'MiB', STEADY), measure: growth },
  { id: 'P7-soak', what: 'MiB more in use after a while of 50/s, a new peer each', goal: atMost(10, 'MiB', STEADY), measure: soak },
  { id: 'P8-version', what: '`taleus --version`, ms', goal: times(1.3, 'a bare command'), measure: cold },
  { id: 'P8-token', what: '`taleus token create`, ms', goal: times(2, 'a bare command'), measure: cold },
  { id: 'D5', what: '% of the sessions whose hooks are well, of 1,000 of which one in ten has one that is not', goal: NO_ERROR, measure: failingHooks },
  { id: 'D6', what: 'ms from SIGTERM to the end of a listener with 500 sessions that each hold a use, with 3000 ms to drain', goal: atMost(5_000, 'ms', { text: ', none lost' }), measure: drain },
  { id: 'D4', what: 'bootstraps/s, 500 clients for 100 places, beside 100 clients', goal: share(0.8, 'peak', { refused: 1 }), measure: overload },
  { id: 'D4-refusal', what: 'ms until one of 400 clients is refused, p99, while all 100 places are held', goal: atMost(200, 'ms', { least: { refused: 1 }, most: { served: 0 } }), measure: overload },
  { id: 'E1', what: 'ms that honest guests take, look and all, p99, beside 1,000 silent sockets, then 1,000 streams of one byte a second', goal: atMost(1_000, 'ms'), measure: patient },
  { id: 'hostile', what: 'times as long, p99, as at a quiet listener beside it do honest guests take, at the worst of eight attacks', goal: atMost(2, '× quiet'), isLong: true, measure: hostile },
  { id: 'hostile-relayed', what: 'times as long, p99, as by a quiet relay beside it do honest guests of a listener beyond a relay take, at the worst of 13 attacks by and at the relay', goal: atMost(2, '× quiet'), isLong: true, measure: hostileRelayed },
  { id: 'view', what: '% of one core for the view of 1,000 sessions and 2,000 events/s', goal: { text: '< 10 %', most: { ours: 10 } }, measure: busyView },
  { id: 'view-listen', what: 'bootstraps/s at `listen` with the view, beside `listen --plain`, 10 at a time', goal: share(0.95, 'plain'), measure: viewedListener },
  { id: 'R1', what: 'KiB that each of 1,000 places at a relay takes, beside libp2p’s relay', goal: LESS_THAN_STOCK, measure: places },
  { id: 'R1-cpu', what: 'ms of processor time for a place at a relay, its connection and all, beside libp2p’s relay', goal: times(1, 'libp2p’s relay'), measure: places },
  { id: 'relayed', what: 'bootstraps/s through a relay, a new circuit and peer each, 10 at a time, beside direct ones', goal: share(0.35, 'direct'), measure: relayed },
  { id: 'relayed-bytes', what: 'bytes through the relay for a bootstrap, both ways together', goal: atMost(4_096, 'bytes'), measure: relayed },
  { id: 'relayed-answer', what: 'ms until the invitee has its answer, p50, one at a time, a new connection each, with 20 ms on either uplink, beside direct', goal: times(1.8, 'direct'), measure: relayedAnswer },
  { id: 'S1-messages', what: 'messages to sync 1,000 tallies of which 100 were set, both ways, beside automerge-repo 2', goal: times(0.5, 'automerge-repo'), measure: synced },
  { id: 'S1-bytes', what: 'bytes for it', goal: times(0.5, 'automerge-repo'), measure: synced },
  { id: 'S1-cpu', what: 'ms of processor time for it, both sides together', goal: times(0.3, 'automerge-repo'), measure: synced },
  { id: 'S1-memory', what: 'MiB resident at most for it, of the larger side', goal: NO_GOAL, measure: synced },
  { id: 'D1', what: '% of 1,000 sessions from one peer, all at once, no pause after the dial', goal: everyOne('RSS ≤ 400 MiB', { rssMib: 400 }), measure: crowd(ALL_AT_ONCE) },
  { id: 'D2', what: '% of 1,000 sessions from as many peers, all at once', goal: everyOne('RSS ≤ 600 MiB, ≤ 30 s', { rssMib: 600, seconds: 30 }), measure: crowd({ ...ALL_AT_ONCE, connection: 'new' }) },
  { id: 'D3', what: '% of 10,000 sessions from 100 peers, 1,000 at a time', goal: everyOne('RSS ≤ 1024 MiB, lag ≤ 1000 ms', { rssMib: 1_024, lagMs: 1_000 }), measure: crowd({ ...ALL_AT_ONCE, connection: { peers: 100 }, count: 10_000 }) },
]
