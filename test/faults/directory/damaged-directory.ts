import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { StoreDamagedError } from '../../../src/store/errors.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../../e2e/support/cli.ts'
import { type Damage, damage, FILES, type FileName } from './damage.ts'

const run = promisify(execFile)

export const COMMANDS = [
  'identity show',
  'token create',
  'listen',
  'bootstrap',
  'sessions',
] as const

export type CommandName = (typeof COMMANDS)[number]

export interface Cell {
  readonly file: FileName
  readonly kind: Damage
  readonly command: CommandName
}

/** A party in the middle of its life: its listener has just been killed. */
export interface Lived {
  readonly directory: string
  readonly key: Buffer
  readonly tokenId: string
  readonly tallyId: string
  /** A standing invitation of somebody who is there. */
  readonly link: string
}

export async function aLife(): Promise<Lived> {
  const [alice, bob, carol] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  await listener(carol, ['--listen', '/ip4/127.0.0.1/tcp/0', '--rate-limit', '100000'])
  const standing = await taleusJson(carol, ['token', 'create', '--unlimited'])
  await taleus(alice, ['identity', 'set', 'name=Alice'])
  const listening = await listener(alice, ['--listen', '/ip4/127.0.0.1/tcp/0'])
  const { json: token } = await taleusJson(alice, ['token', 'create'])
  const { json: tally } = await taleusJson(bob, ['bootstrap', String(token['link']), '--yes'])
  // Its taps are written a moment later.
  while (!existsSync(join(alice, 'events.jsonl'))) await new Promise((r) => setTimeout(r, 20))
  await deadBootstrap(alice)
  listening.signal('SIGKILL')
  await listening.exited
  const missing = FILES.filter((file) => !existsSync(join(alice, file)))
  if (missing.length > 0) throw new Error(`the fixture has no ${missing.join(', ')}`)
  return {
    directory: alice,
    key: await readFile(join(alice, 'identity.key')),
    tokenId: String(token['id']),
    tallyId: String(tally['tallyId']),
    link: String(standing.json['link']),
  }
}

/** What a bootstrap leaves that was killed long ago: the file of its name, and an attempt that it holds. */
async function deadBootstrap(directory: string): Promise<void> {
  const path = join(directory, 'process-00c0ffee00c0ffee.lock')
  await writeFile(path, '', { mode: 0o600 })
  const longAgo = new Date(Date.now() - 3_600_000)
  await utimes(path, longAgo, longAgo)
  const store = openStore(join(directory, 'taleus.db'))
  try {
    const lease = { owner: '00c0ffee00c0ffee/session', until: Date.now() + 600_000 }
    await store.write(({ attempts }) => attempts.begin(DEAD, lease))
  } finally {
    store.close()
  }
}

const DEAD = {
  attemptId: 'dead',
  bootstrapId: 'dead',
  linkHash: 'dead',
  tokenId: 'dead',
  inviter: 'nobody',
  role: 'stock',
  requestHash: 'dead',
  identity: {},
  cadre: [],
  status: 'running',
  createdAt: 1,
} as const

function argumentsOf(command: CommandName, link: string): readonly string[] {
  switch (command) {
    case 'identity show':
      return ['identity', 'show', '--json']
    case 'token create':
      return ['token', 'create', '--announce', '/ip4/127.0.0.1/tcp/9', '--json']
    case 'listen':
      return ['listen', '--listen', '/ip4/127.0.0.1/tcp/0', '--for', '1s', '--json']
    case 'bootstrap':
      return ['bootstrap', link, '--yes', '--json']
    case 'sessions':
      return ['sessions', '--json']
    default:
      return command satisfies never
  }
}

/** What each command can't do without. */
const NEEDS: Readonly<Record<FileName, readonly CommandName[]>> = {
  'identity.key': COMMANDS,
  'taleus.db': ['token create', 'listen', 'bootstrap', 'sessions'],
  'taleus.db-wal': ['token create', 'listen', 'bootstrap', 'sessions'],
  'taleus.db-shm': ['token create', 'listen', 'bootstrap', 'sessions'],
  'taleus.db.id': ['token create', 'listen', 'bootstrap', 'sessions'],
  'listener.lock': ['listen'],
  'control.sock': ['listen'],
  'settings.json': ['identity show', 'token create', 'listen', 'bootstrap'],
  'events.jsonl': ['listen', 'bootstrap'],
  'process-00c0ffee00c0ffee.lock': ['bootstrap', 'listen'],
}

/** These are only kept for convenience: lost or spoiled, they are made anew. */
const REBUILT: readonly FileName[] = [
  'taleus.db-shm',
  'listener.lock',
  'control.sock',
  'events.jsonl',
  'process-00c0ffee00c0ffee.lock',
]

/** Lost, they have a default or are found again elsewhere; spoiled, they are not guessed at. */
const DISPENSABLE: readonly FileName[] = ['taleus.db.id', 'settings.json']

type Expected = 'refused' | 'served' | 'either'

function expected({ file, kind, command }: Cell): Expected {
  // Something else in its place: refused, or taken out of the way.
  const isOfOtherKind =
    kind === 'directory' || kind === 'symlink' || (file === 'control.sock' && kind !== 'missing')
  if (REBUILT.includes(file)) return isOfOtherKind ? 'either' : 'served'
  if (!NEEDS[file].includes(command)) return 'either'
  if (DISPENSABLE.includes(file) && kind === 'missing') return 'served'
  // SQLite has no checksums, and a flipped letter is a letter: what is unharmed may be served.
  if (file === 'taleus.db' && (kind === 'half' || kind === 'bit flips')) return 'either'
  if (file === 'settings.json' && kind === 'bit flips') return 'either'
  return 'refused'
}

/** @returns what was not as promised */
export async function inDamaged(life: Lived, cell: Cell): Promise<readonly string[]> {
  const { file, kind, command } = cell
  const parent = await mkdtemp(join(tmpdir(), 'taleus-damaged-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  const directory = join(parent, 'data')
  await run('cp', ['-a', life.directory, directory])
  await damage(directory, file, kind, parent)
  const { code, stdout } = await taleus(directory, argumentsOf(command, life.link))
  const problems = [
    ...judged(cell, code, stdout),
    ...(await afterwards(life, cell, directory, code)),
  ]
  return problems.map((problem) => `${file}, ${kind}, ${command} (${code}): ${problem}`)
}

function judged(cell: Cell, code: number | null, stdout: string): readonly string[] {
  const wanted = expected(cell)
  const said = stdout.trim().split('\n').join(' ').slice(0, 300)
  if (code !== 0 && code !== 10) return [`exit code ${code}: ${said}`]
  if (code === 0) return wanted === 'refused' ? [`served: ${said}`] : []
  if (wanted === 'served') return [`refused: ${said}`]
  return messageIn(stdout).includes(cell.file) ? [] : [`does not name the file: ${said}`]
}

/** From the one document, or from the last line of `listen`. */
function messageIn(stdout: string): string {
  const text = stdout.startsWith('{"') ? stdout.trim().split('\n').at(-1) : stdout
  return String(JSON.parse(text ?? '').error.message)
}

/** The old identity and the old content are there: as they are, or with the file put back. */
async function afterwards(
  life: Lived,
  { file, command }: Cell,
  directory: string,
  code: number | null,
): Promise<readonly string[]> {
  const path = join(directory, file)
  // Whoever does not need the file may not have noticed.
  if (code !== 0 || !NEEDS[file].includes(command)) await putBack(life, file, path)
  const problems: string[] = []
  if (!life.key.equals(await readFile(join(directory, 'identity.key'))))
    problems.push('another identity')
  const store = await openedStore(life, directory, problems)
  try {
    const { tallies } = store.repositories
    const tokens = await store.query(() => tokenRecords.list())
    if (!tokens.some(({ id }) => id === life.tokenId)) problems.push('the token is gone')
    if (tallies.find(life.tallyId) === undefined) problems.push('the tally is gone')
  } finally {
    store.close()
  }
  return problems
}

/**
 * Opens the store of a damaged directory. A command that reads little may have been served by a damaged store; opening
 * it to write looks closer, and then says that it is damaged.
 */
async function openedStore(life: Lived, directory: string, problems: string[]): Promise<Store> {
  const at = join(directory, 'taleus.db')
  try {
    return openStore(at)
  } catch (error) {
    if (!(error instanceof StoreDamagedError)) problems.push(`not opened: ${String(error)}`)
    // With its log: the command may have begun another one.
    await rm(join(directory, 'taleus.db-shm'), { force: true })
    for (const file of ['taleus.db', 'taleus.db-wal'] as const)
      await putBack(life, file, join(directory, file))
    return openStore(at)
  }
}

async function putBack({ directory }: Lived, file: FileName, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  if (file !== 'control.sock') await copyFile(join(directory, file), path)
}
