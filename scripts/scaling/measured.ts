import { readFileSync } from 'node:fs'
import { resultsSchema } from '../../bench/report/results.ts'
import { type ServerFigures, serverFiguresSchema } from '../../bench/store/server-figures.ts'

const RESULTS = new URL('../../bench/results/', import.meta.url)

/** What one bootstrap takes, as measured. */
export interface Measured {
  /** Processor time of a node, ms: of what libp2p does for a new connection and peer, and of the session. */
  readonly nodeMs: number
  /** Processor time of the database server, ms. */
  readonly serverMs: number
  /** Bytes of write-ahead log. */
  readonly logBytes: number
  /** Bytes of tables and indices. */
  readonly storedBytes: number
}

export function serverFigures(): ServerFigures {
  return serverFiguresSchema.parse(read('server.json'))
}

/**
 * Puts the bench's rows together. The sessions of both sides are counted as the node's: that is more than it is, and the share of each is
 * not to be had.
 * @throws TypeError if a row is missing
 */
export function measuredNow(): Measured {
  const { rows } = resultsSchema.parse(read('latest.json'))
  const network = rows.find(({ id }) => id === 'P1')?.more?.bare.serverCpu
  const { runs } = serverFigures()
  const run = runs.findLast(({ nodes }) => nodes > 1)
  if (network === undefined || run === undefined) throw new TypeError('a row is missing')
  const { serverMs, sidesMs, walBytes: logBytes, storedBytes } = run
  return { nodeMs: network + sidesMs, serverMs, logBytes, storedBytes }
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, RESULTS), 'utf8'))
}
