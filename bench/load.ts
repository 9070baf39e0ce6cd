import * as z from 'zod'
import type { ProcessUsage } from './process-usage.ts'

/** How a contender is loaded. */
export interface Load {
  /** All exchanges on one connection, or each on one of its own, or one for each of so many peers. */
  readonly connection: 'shared' | 'new' | { readonly peers: number }
  /** Exchanges at a time. */
  readonly concurrency: number
  /** Exchanges in all. */
  readonly count: number
  /** Exchanges that fail are tried again as a person would, and in the end counted instead of ending the load. @default false */
  readonly mayFail?: boolean
  /** How often each is tried at most, of a load whose exchanges may fail. @default 8 */
  readonly tries?: number
  /** Stop after the first answer, and keep what is open until the next load. @default false */
  readonly hold?: boolean
  /** Go on with those that were held, as who was cut off comes again. @default false */
  readonly resume?: boolean
  /** So many are begun each second, whatever becomes of them. @default as fast as they end */
  readonly perSecond?: number
}

/** What one run of a load showed. */
export interface Measurement {
  /** Exchanges per second, the last one's end included. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Streams of the load before that were held, and still open when this one came. */
  readonly held?: number
  /** Exchanges that failed, of a load whose exchanges may. */
  readonly failed?: number
  /** How often an exchange was tried again, of a load whose exchanges may fail. */
  readonly again?: number
  /** Why exchanges failed for good. */
  readonly reasons?: readonly string[]
  /** Milliseconds of processor time that the server spent on one exchange. */
  readonly serverCpu: number
}

/** Something that can be measured: ours, or the bare exchange. */
export interface Contender {
  readonly name: string
  measure(load: Load): Promise<Measurement>
  stop(): Promise<void>
}

/** A contender whose server can be looked at. */
export interface WatchedContender extends Contender {
  /** What the server says about itself. @param collect collect garbage first. @default false */
  usage(collect?: boolean): Promise<ProcessUsage>
}

/** What the process that makes the load says. */
export const measuredSchema = z.object({
  rate: z.number(),
  p50: z.number(),
  p99: z.number(),
  failed: z.number(),
  again: z.number(),
  reasons: z.array(z.string()),
  held: z.number(),
})
