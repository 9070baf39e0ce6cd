import type { Load } from './load.ts'

/** Before the clock starts: a listener is measured that has been up for a while, compiled and all. */
export const WARM_UP: Load = { connection: 'shared', concurrency: 10, count: 1_500 }

/** The loads of the rows about rates. A round of each takes one to four seconds on two slow cores. */
export const ONE_AT_A_TIME: Load = { connection: 'shared', concurrency: 1, count: 400 }
export const TEN_AT_A_TIME: Load = { connection: 'shared', concurrency: 10, count: 1_500 }
export const HUNDRED_AT_A_TIME: Load = { connection: 'shared', concurrency: 100, count: 2_500 }
export const TEN_OF_WHOLE: Load = { ...TEN_AT_A_TIME, count: 1_000 }
export const TEN_NEW_PEERS: Load = { connection: 'new', concurrency: 10, count: 300 }
