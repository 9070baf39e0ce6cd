import { ASSUMED } from './assumptions.ts'
import type { Measured } from './measured.ts'
import { type StoreReport, simulateStore } from './simulate-store.ts'

/** Somewhere with so many bootstraps a day. */
export interface Place {
  readonly name: string
  readonly perDay: number
}

export const PLACES: readonly Place[] = [
  { name: 'a city', perDay: 1e6 },
  { name: 'a country', perDay: 1e8 },
]

/** How long the busiest time is simulated, s. */
const SIMULATED_SECONDS = 5

/** Seconds of an hour, and days of a month. */
const HOUR_S = 3_600
const MONTH_DAYS = 30

const GIGABYTE = 1e9

/** Bootstraps a second in the busiest minute. */
export function peakOf({ perDay }: Place): number {
  return ((perDay * ASSUMED.busiestHour) / HOUR_S) * ASSUMED.busiestMinute
}

/** What one of each can carry, bootstraps a second. */
export interface Carried {
  readonly node: number
  /** The database server's processors. */
  readonly server: number
  /** Its log. */
  readonly log: number
  /** One link, of which each use waits for the one before it, at whichever node. */
  readonly link: number
}

export function carriedBy({ nodeMs, serverMs, logBytes }: Measured): Carried {
  const { fullness, serverProcessors, logBytesPerSecond, linkAtOnce, commitMs } = ASSUMED
  // A use is reserved in one commit and given in another, and both hold the token's row.
  const linkMs = 2 * commitMs + linkAtOnce * serverMs
  return {
    node: (1000 / nodeMs) * fullness,
    server: (1000 / serverMs) * serverProcessors * fullness,
    log: (logBytesPerSecond / logBytes) * fullness,
    link: (1000 * linkAtOnce) / linkMs,
  }
}

export interface Plan {
  readonly place: Place
  readonly peak: number
  /** Stores that parties are divided among. */
  readonly stores: number
  /** Of each store. */
  readonly nodes: number
  /** Of one store in the busiest minute. */
  readonly report: StoreReport
  /** Of all databases, after as long as things are kept. */
  readonly gigabytes: number
  /** Of each day. */
  readonly gigabytesADay: number
  readonly processors: number
  readonly eurosAMonth: number
  readonly eurosForAMillion: number
}

export function planFor(place: Place, measured: Measured): Plan {
  const peak = peakOf(place)
  const carried = carriedBy(measured)
  const stores = Math.ceil(peak / Math.min(carried.server, carried.log))
  // One may be away.
  const nodes = Math.ceil(peak / stores / carried.node) + 1
  const { nodeMs, serverMs, storedBytes } = measured
  const { serverProcessors, commitMs, copies, keptDays, processorEuros, gigabyteEuros } = ASSUMED
  const report = simulateStore({
    perSecond: peak / stores,
    seconds: SIMULATED_SECONDS,
    ...{ nodes, nodeMs, serverMs, serverProcessors, commitMs },
  })
  const gigabytesADay = (place.perDay * storedBytes * copies) / GIGABYTE
  const gigabytes = gigabytesADay * keptDays
  const processors = stores * (nodes + copies * serverProcessors)
  const eurosAMonth = processors * processorEuros + gigabytes * gigabyteEuros
  const eurosForAMillion = (eurosAMonth / MONTH_DAYS / place.perDay) * 1e6
  return {
    ...{ place, peak, stores, nodes, report, gigabytes, gigabytesADay, processors },
    ...{ eurosAMonth, eurosForAMillion },
  }
}
