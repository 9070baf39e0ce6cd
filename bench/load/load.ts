import * as z from 'zod'

/** How a contender is loaded. */
export interface Load {
  /** All exchanges on one connection, or each on one of its own, or one connection for each of so many peers. */
  readonly connection: 'shared' | 'new' | { readonly peers: number }
  /** Exchanges at a time. */
  readonly concurrency: number
  /** Exchanges in all. */
  readonly count: number
  /** Exchanges that fail are tried again as a person would, and in the end counted instead of ending the load. @default false */
  readonly mayFail?: boolean
  /** Times that each is tried at most, of a load whose exchanges may fail. @default 8 */
  readonly tries?: number
  /** Stops after the first answer, and keeps the streams open until the next load. @default false */
  readonly hold?: boolean
  /** Goes on with those that were held, as a party that was cut off comes again. @default false */
  readonly resume?: boolean
  /** So many are begun each second, however long they take. @default as fast as they end */
  readonly perSecond?: number
}

/** The measurements of the process that makes a load. */
export const measuredSchema = z.object({
  /** Exchanges per second, the last one's end included. */
  rate: z.number(),
  /** Milliseconds. */
  p50: z.number(),
  p99: z.number(),
  /** Exchanges that failed, of a load whose exchanges may. */
  failed: z.number(),
  /** Times that an exchange was tried again, of a load whose exchanges may fail. */
  again: z.number(),
  /** Why exchanges failed for good. */
  reasons: z.array(z.string()),
  /** Streams of the load before that were held, and still open when this one came. */
  held: z.number(),
})

type Measured = z.infer<typeof measuredSchema>

/** A measured load, with the processor time that the server spent on one exchange, ms. */
export type Measurement = Pick<Measured, 'rate' | 'p50' | 'p99'> &
  Partial<Measured> & { readonly serverCpu: number }

/** Something that can be loaded: ours, or the bare exchange. */
export interface Loadable {
  measure(load: Load): Promise<Measurement>
}
