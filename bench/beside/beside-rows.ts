import {
  HUNDRED_AT_A_TIME,
  ONE_AT_A_TIME,
  TEN_AT_A_TIME,
  TEN_NEW_PEERS,
  TEN_OF_WHOLE,
} from '../load/loads.ts'
import { type Goal, share, times } from '../report/row.ts'
import { liveBeside, ratesBeside } from './bootstraps-beside.ts'
import { idleBeside } from './idle-beside.ts'
import type { MeasureBeside } from './measure.ts'

/** One row of a run beside another build. Rows that share a `measure` are measured together. */
interface BesideRow {
  readonly id: string
  /** The unit and how it is measured, in words. */
  readonly what: string
  readonly goal: Goal
  readonly measure: MeasureBeside
}

const LIGHT = { role: 'stock', client: 'light' } as const
const WHOLE = { role: 'stock', client: 'whole' } as const
const hundred = ratesBeside(LIGHT, HUNDRED_AT_A_TIME, ['rate', 'serverCpu'])
/** On a machine that others use too a dial may take too long: then it is tried again, and none is lost. */
const newPeers = ratesBeside(LIGHT, { ...TEN_NEW_PEERS, mayFail: true })
const NEAR_BARE: Goal = { text: '≤ 1.15 × bare', most: { ofBare: 1.15 } }

/** All rows, in the order they are measured. */
// biome-ignore format: one row a line
export const BESIDE_ROWS: readonly BesideRow[] = [
  { id: 'P2-1', what: 'bootstraps/s on one connection, one at a time', goal: share(1.5, 'before'), measure: ratesBeside(LIGHT, ONE_AT_A_TIME) },
  { id: 'P2-10', what: 'bootstraps/s on one connection, 10 at a time', goal: share(1.7, 'before'), measure: ratesBeside(LIGHT, TEN_AT_A_TIME) },
  { id: 'P2-100', what: 'bootstraps/s on one connection, 100 at a time', goal: share(1.7, 'before'), measure: hundred },
  { id: 'cpu-100', what: "ms of the listener's processor time for each, all threads, 100 at a time", goal: times(0.55, 'before'), measure: hundred },
  { id: 'P2b', what: 'bootstraps/s on one connection, 10 at a time, both sides whole and durable', goal: share(1.8, 'before'), measure: ratesBeside(WHOLE, TEN_OF_WHOLE) },
  { id: 'P1', what: 'bootstraps/s, a new connection and peer each, 10 at a time', goal: share(1.3, 'before'), measure: newPeers },
  { id: 'idle', what: 'MiB resident of a real `taleus listen` that has nothing to do', goal: NEAR_BARE, measure: idleBeside },
  { id: 'live', what: 'KiB that a live session takes more than a bare stream, of 500', goal: times(0.6, 'before'), measure: liveBeside },
]
