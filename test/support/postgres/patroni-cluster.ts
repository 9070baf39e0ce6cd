import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const SCRIPT = join(import.meta.dirname, '../../../contrib/patroni/one-machine.sh')
const PROGRAMS = ['patroni', 'patronictl', 'etcd', 'haproxy', 'psql']
const PACKAGES = ['postgresql', 'patroni', 'etcd-server', 'haproxy', 'python3-etcd']

/** s; the least that Patroni takes. A failover takes about the first of them. */
const FAST = { TTL: '20', LOOP_WAIT: '2', RETRY: '3' }

/** Bytes that a standby may lack, and take over all the same. */
const LENIENT = { MAX_LAG: String(256 * 1_024 * 1_024) }

export type Replication = 'synchronous' | 'asynchronous'

/** True where Debian's Patroni is, or can be installed. */
export function canRunPatroni(): boolean {
  if (areThere()) return true
  if (process.getuid?.() !== 0) return false
  spawnSync('apt-get', ['update', '-qq'])
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES])
  return areThere()
}

function areThere(): boolean {
  return PROGRAMS.every((name) => spawnSync('which', [name]).status === 0)
}

/** Three database nodes, as contrib/patroni makes them on one machine. */
export class PatroniCluster {
  /** Of the store, without a password. */
  readonly url: string
  readonly password: string
  readonly #directory: string

  private constructor(directory: string, url: string, password: string) {
    this.#directory = directory
    this.url = url
    this.password = password
  }

  static async start(mode: Replication): Promise<PatroniCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'taleus-patroni-'))
    try {
      const flags = mode === 'asynchronous' ? ['--asynchronous'] : []
      const said = await run('start', directory, ...flags)
      const url = /^url (\S+)$/m.exec(said)?.[1] ?? ''
      const words = await readFile(join(directory, 'pgpass'), 'utf8')
      return new PatroniCluster(directory, url, words.trim().split(':')[4] ?? '')
    } catch (error) {
      await end(directory)
      throw error
    }
  }

  /** Suspends what standbys receive with. */
  async lag(): Promise<void> {
    await run('lag', this.#directory)
  }

  /** Kills the leader with all its processes. What was suspended goes on without what was on its way. */
  async killLeader(): Promise<void> {
    await run('kill', this.#directory)
  }

  async dispose(): Promise<void> {
    await end(this.#directory)
  }
}

async function end(directory: string): Promise<void> {
  await run('stop', directory).catch(() => undefined)
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}

async function run(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...FAST, ...LENIENT }
  return (await promisify(execFile)('bash', [SCRIPT, ...args], { env })).stdout
}
