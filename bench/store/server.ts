/**
 * Measures what a bootstrap takes from a PostgreSQL server that nodes share: `node bench/store/server.ts`. Sessions run whole,
 * without a network between them, and the server without waiting for its disk: what is counted is work, not time. Writes
 * `bench/results/server.json`, which the page about scaling is made of.
 */
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { ClientOfNodes } from '../../test/faults/nodes/client-of-nodes.ts'
import { PartyOfNodes } from '../../test/faults/nodes/party-of-nodes.ts'
import { sharedPostgres } from '../../test/support/postgres/embedded-postgres.ts'
import { surroundings } from '../report/results-file.ts'
import type { ServerFigures, ServerRun } from './server-figures.ts'
import { serverUse } from './server-use.ts'

const RUNS = [
  { nodes: 1, atOnce: 10 },
  { nodes: 1, atOnce: 100 },
  { nodes: 3, atOnce: 99 },
] as const

/** Of each client, measured; as many again run before, so that plans and pages are there. */
const EACH = { 10: 60, 100: 12, 99: 12 } as const

const server = await sharedPostgres()

async function measured({ nodes, atOnce }: (typeof RUNS)[number]): Promise<ServerRun> {
  const party = new PartyOfNodes(server)
  const clients = Array.from({ length: atOnce }, () => new ClientOfNodes())
  for (let node = 0; node < nodes; node += 1) await party.addNode()
  const own = await Promise.all(
    clients.map(async (client) => ({ client, invitation: await party.invite(null) })),
  )
  const load = () =>
    Promise.all(
      own.map(async ({ client, invitation }, index) => {
        const node = party.nodes[index % nodes]
        if (node === undefined) throw new TypeError('there is no node')
        for (let had = 0; had < EACH[atOnce]; ) {
          const { told, failure } = await client.ask(invitation, node, party.peerId, true)
          if (told?.kind === 'tally') had += 1
          else console.log('again, after', failure)
        }
      }),
    )
  const commits = () => party.nodes.reduce((sum, { store }) => sum + store.commits, 0)
  await load()
  const client = await server.connect()
  await client.query(`SET search_path = ${party.schema}`)
  const [before, done, from] = [await serverUse(client), commits(), performance.now()]
  const { user, system } = process.cpuUsage()
  await load()
  const ms = performance.now() - from
  const sides = process.cpuUsage({ user, system })
  const [after, bootstraps] = [await serverUse(client), atOnce * EACH[atOnce]]
  const commitsEach = (commits() - done) / bootstraps
  await client.end()
  await party.stop()
  await Promise.all(clients.map((each) => each.stop()))
  await party.dispose()
  const each = (name: keyof typeof after) => (after[name] - before[name]) / bootstraps
  return {
    ...{ nodes, atOnce, bootstraps, commitsEach: rounded(commitsEach) },
    rate: rounded((bootstraps / ms) * 1000),
    serverMs: rounded(each('processorMs')),
    sidesMs: rounded((sides.user + sides.system) / 1000 / bootstraps),
    walBytes: Math.round(each('walBytes')),
    storedBytes: Math.round(each('storedBytes')),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

const [loadBefore = 0] = loadavg()
const runs: ServerRun[] = []
for (const each of RUNS) {
  const run = await measured(each)
  console.log(run)
  runs.push(run)
}
const [version] = await server.query<{ server_version: string }>('SHOW server_version')
const figures: ServerFigures = {
  ...surroundings(loadBefore),
  date: new Date().toISOString(),
  postgres: version?.server_version ?? 'unknown',
  runs,
}
writeFileSync(
  new URL('../results/server.json', import.meta.url),
  `${JSON.stringify(figures, null, 2)}\n`,
)
await server.dispose()
