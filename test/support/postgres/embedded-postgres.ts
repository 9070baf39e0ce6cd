import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable, type Writable } from 'node:stream'
import pg from 'pg'
import { linkLibraries, type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts'

/** The user that the server runs as where we are root: it refuses to be root itself. */
const NOBODY = 65_534

const ADMIN = 'admin'
const PASSWORD = 'the administrator’s own word'
const READY = /database system is ready to accept (?:read-only )?connections/

/** A real PostgreSQL on loopback, in a temporary directory, with one administrator. */
export class EmbeddedPostgres {
  readonly host = '127.0.0.1'
  readonly user = ADMIN
  readonly password = PASSWORD
  readonly port: number
  readonly #directory: string
  readonly #binaries: PostgresBinaries
  readonly #settings: readonly string[]
  #server: ChildProcess | undefined

  constructor(
    binaries: PostgresBinaries,
    directory: string,
    port: number,
    settings: readonly string[],
  ) {
    this.#binaries = binaries
    this.#directory = directory
    this.port = port
    this.#settings = settings
  }

  /** The address that the administrator gives, without the password. */
  url(database = 'tallies'): string {
    return `postgres://${ADMIN}@${this.host}:${this.port}/${database}`
  }

  /** A client that is connected. End it. */
  async connect({
    database = 'tallies',
    user = ADMIN,
    password = PASSWORD,
  } = {}): Promise<pg.Client> {
    const { host, port } = this
    const client = new pg.Client({ host, port, database, user, password, ssl: false })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  /** Asks as the administrator. */
  async query<Row extends pg.QueryResultRow>(sql: string, database?: string): Promise<Row[]> {
    const client = await this.connect(database === undefined ? {} : { database })
    try {
      return (await client.query<Row>(sql)).rows
    } finally {
      await client.end()
    }
  }

  /** Names of the schemas and roles that are somebody's tally. */
  async leftovers(): Promise<{ schemas: string[]; roles: string[] }> {
    const schemas = await this.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'taleus\\_%' ORDER BY 1`,
    )
    const roles = await this.query<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'taleus\\_%' ORDER BY 1`,
    )
    return { schemas: schemas.map(({ name }) => name), roles: roles.map(({ name }) => name) }
  }

  /** Removes every tally's schema and roles. */
  async removeTallies(): Promise<void> {
    const { schemas, roles } = await this.leftovers()
    const drops = [
      ...schemas.map((name) => `DROP SCHEMA ${name} CASCADE`),
      ...roles.map((name) => `DROP ROLE ${name}`),
    ]
    if (drops.length > 0) await this.query(drops.join('; '))
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const server = spawn(
      this.#binaries.postgres,
      ['-D', join(this.#directory, 'data'), ...this.#settings.flatMap((each) => ['-c', each])],
      { ...this.#options(), stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#server = server
    server.unref()
    const said: string[] = []
    for await (const line of createInterface({ input: server.stderr })) {
      said.push(line)
      if (READY.test(line)) {
        letGo(server.stderr)
        return
      }
    }
    throw new Error(`no server: ${said.join('\n')}`)
  }

  /** Starts it as one that follows another: it takes no writes. */
  async startAsStandby(): Promise<void> {
    const signal = join(this.#directory, 'data', 'standby.signal')
    writeFileSync(signal, '')
    await this.start()
    rmSync(signal)
  }

  /** Ends it at once, as a crash does: it leaves as it stands, and recovers at the next start. */
  async crash(): Promise<void> {
    // SIGQUIT ends its children too; after SIGKILL they would hold the directory for a while.
    await this.#end('SIGQUIT')
  }

  async stop(): Promise<void> {
    await this.#end('SIGINT')
  }

  /** Stops it, and removes all it had. */
  async dispose(): Promise<void> {
    await this.#end('SIGQUIT')
    rmSync(this.#directory, { recursive: true, force: true })
  }

  /** Suspends the process that takes connections, or wakes it: new ones hang. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#server?.kill(name)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const over = once(server, 'exit')
    server.ref()
    server.kill(signal)
    await over
  }

  async initialise(): Promise<void> {
    const words = join(this.#directory, 'word')
    writeFileSync(words, PASSWORD)
    const data = join(this.#directory, 'data')
    mkdirSync(data)
    if (isRoot()) for (const each of [this.#directory, words, data]) chownSync(each, NOBODY, NOBODY)
    chmodSync(data, 0o700)
    const flags = ['-D', data, '-U', ADMIN, '--pwfile', words, '-A', 'scram-sha-256']
    const rest = ['-E', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions']
    const child = spawn(this.#binaries.initdb, [...flags, ...rest], {
      ...this.#options(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said: Buffer[] = []
    child.stderr.on('data', (piece) => said.push(piece))
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`no cluster: ${Buffer.concat(said)}`)
  }

  #options() {
    const who = isRoot() ? { uid: NOBODY, gid: NOBODY } : {}
    return {
      ...who,
      cwd: this.#directory,
      env: {
        LD_LIBRARY_PATH: `${join(this.#directory, 'lib')}:${this.#binaries.libraries}`,
        LC_ALL: 'C',
        PATH: process.env['PATH'],
      },
    }
  }
}

let shared: Promise<EmbeddedPostgres> | undefined

/** One server for all files of tests in this process. Each removes what it has left; it ends with the process. */
export function sharedPostgres(): Promise<EmbeddedPostgres> {
  shared ??= startPostgres(tmpdir(), SETTINGS)
  return shared
}

// A machine that loses its power is not what tests are about.
const SETTINGS = ['fsync=off', 'shared_buffers=16MB']

/**
 * Starts a server, with a database `tallies`.
 * @param parent the folder that holds its own
 * @throws where `canRunPostgres` is false
 */
export async function startPostgres(
  parent: string,
  settings: readonly string[],
): Promise<EmbeddedPostgres> {
  const binaries = postgresBinaries()
  if (binaries === undefined) throw new Error('no PostgreSQL for this computer')
  const directory = mkdtempSync(join(parent, 'taleus-postgres-'))
  chmodSync(directory, 0o755)
  linkLibraries(binaries, join(directory, 'lib'))
  const port = await freePort()
  const server = new EmbeddedPostgres(binaries, directory, port, [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...settings,
  ])
  endWithUs(directory)
  try {
    await server.initialise()
    await server.start()
    await server.query('CREATE DATABASE tallies', 'postgres')
    return server
  } catch (error) {
    await server.dispose()
    throw error
  }
}

/** Goes on reading, without keeping this process for it. */
function letGo(stream: Readable | Writable): void {
  if (stream instanceof Readable) stream.resume()
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
}

/** Ends the server, and removes all it had, when this process is gone, in whatever way: it would outlive us. */
function endWithUs(directory: string): void {
  const script = 'cat; kill -QUIT $(head -n 1 "$0/data/postmaster.pid"); sleep 1; rm -rf "$0"'
  const child = spawn('sh', ['-c', script, directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.stdin.on('error', () => undefined)
  // Neither keeps this process from its end.
  child.unref()
  letGo(child.stdin)
}

/** A port that was free a moment ago: PostgreSQL can't choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}
