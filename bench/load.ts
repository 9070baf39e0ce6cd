/** How a contender is loaded. */
export interface Load {
  /** All exchanges on one connection, or each on one of its own. */
  readonly connection: 'shared' | 'new'
  /** Exchanges at a time. */
  readonly concurrency: number
  /** Exchanges in all. */
  readonly count: number
}

/** What one run of a load showed. */
export interface Measurement {
  /** Exchanges per second, the last one's end included. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Milliseconds of processor time that the server spent on one exchange. */
  readonly serverCpu: number
}

/** Something that can be measured: ours, or the bare exchange. */
export interface Contender {
  readonly name: string
  measure(load: Load): Promise<Measurement>
  stop(): Promise<void>
}
