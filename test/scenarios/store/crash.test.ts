import { type ChildProcess, execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it } from 'vitest'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { issue, responseOf } from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { readNow } from '../../support/store/read-now.ts'

const CHILD = fileURLToPath(new URL('../../support/store/writing-child.ts', import.meta.url))
const TOKEN = 'standing'

let path: string

beforeEach(async () => {
  path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  await issue(store, TOKEN, null)
  store.close()
})

interface Told {
  readonly durable: string[]
  readonly failed: { readonly id: string; readonly name: string }[]
}

/** Notes what a writing child says. */
function listen(child: ChildProcess): Told {
  const told: Told = { durable: [], failed: [] }
  child.on('message', (message: { durable?: string; failed?: string; name?: string }) => {
    if (message.durable !== undefined) told.durable.push(message.durable)
    if (message.failed !== undefined) {
      told.failed.push({ id: message.failed, name: message.name ?? '' })
    }
  })
  return told
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2)
}

/** Everything that was told durable is there, and nothing is there by half. */
function checkWhole(store: Store, durable: readonly string[]): void {
  const { audit, redemptions, sessions } = store.repositories
  const all = readNow(store, () => tallyRecords.list(1_000_000))
  const reserved = [...audit.rows()].filter(({ text }) => text.includes('"event":"reserved"'))
  const records = reserved.length + 2 * all.length
  expect(verifyRows(audit.rows())).toMatchObject({ ok: true, records })
  const counts = { used: all.length, reserved: reserved.length - all.length }
  expect(readNow(store, () => tokenRecords.find(TOKEN))).toMatchObject(counts)
  for (const { redemptionId } of all) {
    expect(redemptions.storedResponse(redemptionId)).toEqual(responseOf(redemptionId).payload)
    const session = `session-${redemptionId}`
    expect(readNow(store, () => sessionRecords.find(session))?.redemptionId).toBe(redemptionId)
    expect(sessions.entries(session)).toHaveLength(1)
    expect(audit.ofSession(session)).toHaveLength(3)
  }
  const kept = new Set(all.map(({ redemptionId }) => redemptionId))
  expect(durable.filter((id) => !kept.has(id))).toEqual([])
}

it('kill -9 in the middle of writing loses nothing that was told durable, again and again', async () => {
  const durable: string[] = []
  for (let round = 0; round < 5; round += 1) {
    const child = fork(CHILD, [path, TOKEN, `round-${round}`])
    const told = listen(child)
    const goal = 20 + round * 45
    await until(() => told.durable.length >= goal)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    // A message may still have been under way; what was told is what counts.
    durable.push(...told.durable)
    expect(existsSync(`${path}-wal`)).toBe(true)

    const store = openStore(path)
    checkWhole(store, durable)
    store.close()
  }
  expect(durable.length).toBeGreaterThanOrEqual(5 * 20)
})

it('kill -9 of one writer leaves the other one and its work alone', async () => {
  const victim = fork(CHILD, [path, TOKEN, 'victim'])
  const survivor = fork(CHILD, [path, TOKEN, 'survivor'])
  const [fromVictim, fromSurvivor] = [listen(victim), listen(survivor)]
  await until(() => fromVictim.durable.length >= 20 && fromSurvivor.durable.length >= 20)
  victim.kill('SIGKILL')
  const soFar = fromSurvivor.durable.length
  await until(() => fromSurvivor.durable.length >= soFar + 50)
  const ended = once(survivor, 'exit')
  survivor.send('stop')
  await ended
  expect(fromSurvivor.failed).toEqual([])
  const store = openStore(path)
  checkWhole(store, [...fromVictim.durable, ...fromSurvivor.durable])
  store.close()
})

/** Limits what files a process may write, in KiB, and can lift that while it runs. */
const CAN_LIMIT = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0

it.runIf(CAN_LIMIT)(
  'a disk that gets full fails what can not be kept, and keeps the rest; then it goes on',
  async () => {
    const limited = 'ulimit -S -f 1024; exec "$0" "$@"'
    const child = spawn('sh', ['-c', limited, process.execPath, CHILD, path, TOKEN, 'full'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const told = listen(child)
    await until(() => told.failed.length >= 30)
    const whileFull = told.durable.length
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited'])
    await until(() => told.durable.length >= whileFull + 100)
    const ended = once(child, 'exit')
    child.send('stop')
    await ended
    expect(new Set(told.failed.map(({ name }) => name))).toEqual(new Set(['StoreError']))

    const store = openStore(path)
    checkWhole(store, told.durable)
    const kept = new Set(
      (await store.query(() => tallyRecords.list(1_000_000))).map((each) => each.redemptionId),
    )
    expect(told.failed.filter(({ id }) => kept.has(id))).toEqual([])
    expect(kept.size).toBe(told.durable.length)
    store.close()
  },
)
