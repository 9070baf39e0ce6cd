/** What was not measured. Each is printed beside the results; who knows better puts in a figure of its own, and runs the script again. */
export const ASSUMED = {
  /** Part of a day's bootstraps that falls into its busiest hour: shops and offices, not nights. */
  busiestHour: 0.12,
  /** How many times the busiest hour's average its busiest minute is. */
  busiestMinute: 2,
  /** Part of a processor that is used at that time: beyond it queues grow faster than load. */
  fullness: 0.6,
  /** Processors of a database server, each as quick as the measured one. */
  serverProcessors: 16,
  /** Databases that keep a store: the one that is written, and two that may take its place. */
  copies: 3,
  /** What a commit waits for besides processors, ms: two round trips within a data centre, a disk here and one at a standby. */
  commitMs: 4,
  /** What a server's disk takes of write-ahead log, bytes/s, beside checkpoints. */
  logBytesPerSecond: 200_000_000,
  /** Uses of one link that are on their way at one time: the default of `max-sessions` at one node. */
  linkAtOnce: 100,
  /** How long tallies and their records stay, days. */
  keptDays: 365,
  /** Euros for a processor with 4 GiB, and for a gigabyte of disk, a month. */
  processorEuros: 20,
  gigabyteEuros: 0.1,
} as const

/** The same, in words. */
export function assumedText(): readonly string[] {
  const { busiestHour, busiestMinute, fullness, serverProcessors, copies, commitMs } = ASSUMED
  const { logBytesPerSecond, linkAtOnce, keptDays, processorEuros, gigabyteEuros } = ASSUMED
  return [
    `${busiestHour * 100} % of a day’s bootstraps fall into its busiest hour, and its busiest minute is ${busiestMinute} times that hour’s average`,
    `processors are used to ${fullness * 100} % then`,
    `a database server has ${serverProcessors} processors as quick as the measured one, and takes ${logBytesPerSecond / 1e6} MB of log a second`,
    `a store is kept by ${copies} databases, of which one is written, and all it has for ${keptDays} days`,
    `a commit waits ${commitMs} ms for round trips and disks, besides processors`,
    `one link has at most ${linkAtOnce} bootstraps under way at a time`,
    `a processor with 4 GiB costs ${processorEuros} € a month, a gigabyte of disk ${gigabyteEuros} €`,
  ]
}
