/**
 * Records a real listener with invitees in different states, as `taleus dashboard --json` writes it: what
 * docs/dashboard.md shows, and what the view is tested with. Run after a build: `node scripts/record-run.ts`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createMemoryHooks } from '../src/hooks/memory/create-memory-hooks.ts'
import { createDialer } from '../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../src/network/identity/identity-key.ts'
import { createDialNode } from '../src/network/node/node.ts'
import { decodeLink } from '../src/protocol/link/link.ts'
import { Redeemer } from '../src/service/redeeming/redeemer.ts'
import { openMemoryStore } from '../src/store/transaction/store.ts'

const root = join(import.meta.dirname, '..')
const directory = await mkdtemp(join(tmpdir(), 'taleus-record-'))

function taleus(...args: readonly string[]) {
  return spawn(process.execPath, [join(root, 'bin', 'run.js'), ...args], {
    env: { ...process.env, TALEUS_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function answer(...args: readonly string[]): Promise<Record<string, unknown>> {
  const child = taleus(...args, '--json')
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  return JSON.parse(text)
}

async function link(...flags: readonly string[]): Promise<string> {
  return String((await answer('token', 'create', ...flags))['link'])
}

/** Redeems a link; or, if it is slow, takes for ever where it should build the database. */
async function redeem(text: string, name: string, isSlow = false): Promise<void> {
  const hooks = createMemoryHooks()
  const never = { provision: () => new Promise(() => undefined) }
  const database = isSlow ? Object.assign(Object.create(hooks.database), never) : hooks.database
  const redeemer = new Redeemer({
    store: openMemoryStore(),
    hooks: { ...hooks, database },
    key: generatePrivateKeyBytes(),
    config: { sessionTimeoutMs: 60_000, provisionTimeoutMs: 60_000 },
  })
  await redeemer.start()
  const done = redeemer.redeemText(text, { name })
  if (!isSlow) await done
}

async function saySomethingNever(text: string, peerId: string): Promise<void> {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const dialer = createDialer(await createDialNode({ privateKey }))
  const { addresses } = decodeLink(text)
  const transport = await dialer.dial(peerId, addresses, AbortSignal.timeout(30_000))
  transport.listen({ frame() {}, problem() {}, ended() {}, closed() {} })
}

const flags = ['--listen', '/ip4/127.0.0.1/tcp/4710', '--plain', '--step-timeout', '4s']
const listener = taleus('listen', ...flags)
await once(listener.stdout, 'data')
listener.stdout.resume()
const { peerId } = await answer('identity', 'show')
const recorder = taleus('dashboard', '--json')
recorder.stdout.pipe(createWriteStream(join(root, 'test', 'dashboard', 'recorded-run.jsonl')))

const till = await link('--unlimited', '--expires', '30d', '--label', 'till')
const bike = await link('--require', 'name', '--label', 'bike, lunch Tuesday')
const garden = await link('--role', 'foil', '--uses', '5', '--label', 'garden shared')
await saySomethingNever(till, String(peerId))
await sleep(2_500)
for (const name of ['Ann', 'Ben', 'Cleo']) await redeem(till, name)
await redeem(bike, 'Bob Marsh')
await redeem(bike, 'Eve')
await redeem(garden, 'Dora')
await redeem(garden, 'Emil', true)
await saySomethingNever(till, String(peerId))
await sleep(700)
await redeem(garden, 'Fay', true)
await saySomethingNever(till, String(peerId))
await sleep(2_500)
listener.kill('SIGINT')
await once(recorder, 'close')
listener.kill('SIGINT')
await once(listener, 'close')
await rm(directory, { recursive: true })
process.exit()
