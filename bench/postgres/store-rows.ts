import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../test/support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../test/support/postgres/postgres-binaries.ts'
import { Contender } from '../load/contender.ts'
import { interleave, median, medianRound } from '../load/interleave.ts'
import type { Load, Measurement } from '../load/load.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { sessionCountsSchema } from './session-counts.ts'
import type { StoreOptions } from './store-options.ts'

const TEN: Load = { connection: 'shared', concurrency: 10, count: 1_500 }
const HUNDRED: Load = { ...TEN, concurrency: 100, count: 3_000 }
const ROUNDS = 5

/** A server as most are set up, on the disk, durable. */
const SETTINGS = ['shared_buffers=128MB', 'max_wal_size=1GB']

/** A store and the sessions on it, in one process. */
class StoreContender extends Contender {
  static async start(place: Place, options: StoreOptions): Promise<StoreContender> {
    const child = await place.child('postgres/store-process.ts', JSON.stringify(options))
    return new StoreContender(child, child)
  }

  /** Looks for a problem in the store, after so many sessions. */
  async problem(sessions = this.ended): Promise<string | undefined> {
    const counts = sessionCountsSchema.parse(await this.server.ask({ ask: 'counts' }))
    const wrong = Object.entries(counts).find(([, count]) => count !== sessions)
    return wrong === undefined ? undefined : `${wrong[1]} ${wrong[0]} after ${sessions} sessions`
  }

  get sessions(): number {
    return this.ended
  }
}

/** Starts a server. @returns the URL of a store in the schema of that name */
async function serverIn(place: Place): Promise<(schema: string) => string> {
  // The server runs as nobody where we are root.
  chmodSync(place.directory, 0o755)
  const server = await startPostgres(place.directory, SETTINGS)
  place.atEnd(() => server.dispose())
  process.env['PGPASSWORD'] = server.password
  return (schema) => `${server.url()}?options=${encodeURIComponent(`-csearch_path=${schema}`)}`
}

/** Measures one node on PostgreSQL in turn with SQLite: all that sessions write, 10 and 100 of them at a time. */
export async function storesBeside(place: Place): Promise<Finding[]> {
  if (!canRunPostgres()) throw new Error('no PostgreSQL for this computer')
  const url = (await serverIn(place))('bench')
  const path = join(place.directory, 'taleus.db')
  const postgres = await StoreContender.start(place, {
    isFirst: true,
    engine: 'postgres',
    url,
    peerId: 'node-1',
  })
  const sqlite = await StoreContender.start(place, { isFirst: true, engine: 'sqlite', path })
  const found: Finding[] = []
  for (const load of [TEN, HUNDRED]) {
    for (const each of [postgres, sqlite]) each.warmedUp()
    const [ours = [], other = []] = await interleave([postgres, sqlite], load, ROUNDS)
    const commits = `${postgres.commitsEach.toFixed(2)} commits for each, SQLite ${sqlite.commitsEach.toFixed(2)}`
    const cpu = `processor time of the node ${cpuOf(ours)} beside ${cpuOf(other)} ms`
    found.push({ ...compared(ours, other), note: `${commits}; ${cpu}` })
  }
  const problem = (await postgres.problem()) ?? (await sqlite.problem())
  return found.map((each) => ({ ...each, problem }))
}

/** Nodes that share a store. */
const NODES = 3

/** Measures three nodes on one server and one invitation, in turn with one node: sessions of all together. */
export async function nodesBeside(place: Place): Promise<Finding[]> {
  const urlOf = await serverIn(place)
  const start = (schema: string, node: number) =>
    StoreContender.start(place, {
      isFirst: node === 1,
      engine: 'postgres',
      url: urlOf(schema),
      peerId: `node-${node}`,
    })
  const alone = await start('alone', 1)
  const nodes: StoreContender[] = []
  for (let node = 1; node <= NODES; node += 1) nodes.push(await start('shared', node))
  const load = HUNDRED
  const part = {
    ...load,
    concurrency: Math.ceil(load.concurrency / NODES),
    count: load.count / NODES,
  }
  const together = {
    measure: async () => sumOf(await Promise.all(nodes.map((each) => each.measure(part)))),
  }
  const [ours = [], other = []] = await interleave([together, alone], load, ROUNDS)
  const sessions = nodes.reduce((sum, each) => sum + each.sessions, 0)
  const problem = (await alone.problem()) ?? (await nodes[0]?.problem(sessions))
  return [
    {
      ...compared(ours, other),
      note: `processor time of the nodes ${cpuOf(ours)} beside ${cpuOf(other)} ms`,
      problem,
    },
  ]
}

function compared(ours: readonly Measurement[], other: readonly Measurement[]): Finding {
  return {
    ours: medianRound(ours).rate,
    bare: medianRound(other).rate,
    ratio: median(ours.map(({ rate }, round) => rate / (other[round]?.rate ?? Number.NaN))),
  }
}

function cpuOf(rounds: readonly Measurement[]): string {
  return median(rounds.map(({ serverCpu }) => serverCpu)).toFixed(2)
}

/** Of loads that ran beside each other, as many sessions each. */
function sumOf(all: readonly Measurement[]): Measurement {
  const middle = (of: 'p50' | 'p99' | 'serverCpu') => median(all.map((each) => each[of]))
  const rate = all.length * Math.min(...all.map((each) => each.rate))
  return { rate, p50: middle('p50'), p99: middle('p99'), serverCpu: middle('serverCpu') }
}
