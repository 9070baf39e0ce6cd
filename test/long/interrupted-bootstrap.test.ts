import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { dataDirectory, listener, startTaleus, taleus, taleusJson } from '../e2e/support/cli.ts'

type Role = 'stock' | 'foil'

const ROLES = ['stock', 'foil'] as const

async function mint(directory: string, role: Role): Promise<string> {
  const { stdout } = await taleus(directory, ['token', 'create', '--role', role])
  return stdout.trim()
}

interface Listed {
  readonly state: string
  readonly tallyId: string | null
  readonly tallyStatus: string | null
}

async function listed(directory: string, what: 'sessions' | 'tallies'): Promise<readonly Listed[]> {
  const { json } = await taleusJson(directory, what === 'sessions' ? [what] : ['tally', 'list'])
  const rows = json[what]
  return Array.isArray(rows) ? rows : []
}

async function documentOf(directory: string, tallyId: string): Promise<unknown> {
  return (await taleusJson(directory, ['tally', 'show', tallyId])).json['document']
}

/** Both sides have this one tally, all of it, and nothing that is not over. */
async function expectAgreed(alice: string, bob: string, tallyId: string): Promise<void> {
  for (const directory of [alice, bob]) {
    const tallies = await listed(directory, 'tallies')
    expect(tallies.filter((each) => each.tallyId === tallyId)).toMatchObject([
      { status: 'confirmed' },
    ])
    expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
  }
  expect(await documentOf(alice, tallyId)).toEqual(await documentOf(bob, tallyId))
}

/** From before the process has read its link until after it is done. */
const LONGEST_MS = 1_100
const ROUNDS = 3

const seed = Number(process.env['TALEUS_TEST_SEED'] ?? Date.now() % 1_000_000)

/** Spread over the whole time, a little different each run. */
function delayOf(round: number): number {
  const part = LONGEST_MS / ROUNDS
  return Math.floor(round * part + ((seed * (round + 7)) % part))
}

describe.each(ROLES)('a bootstrap killed at any moment (%s)', (role) => {
  test(`ends with one tally when it is run again (seed ${seed})`, async () => {
    const alice = await dataDirectory()
    await listener(alice)
    for (let round = 0; round < ROUNDS; round += 1) {
      const bob = await dataDirectory()
      const link = await mint(alice, role)
      const command = ['bootstrap', link, '--yes', '--disclose', 'name=Bob']
      const first = startTaleus(bob, command)
      await sleep(delayOf(round))
      first.signal('SIGKILL')
      await first.finished
      const { code, json } = await taleusJson(bob, command)
      expect({ code, json }).toMatchObject({ code: 0, json: { status: 'confirmed' } })
      const tallyId = String(json['tallyId'])
      expect(await listed(bob, 'tallies')).toHaveLength(1)
      await expectAgreed(alice, bob, tallyId)
      // One that was killed is told as that; one that was done before is completed too.
      const sessions = await listed(bob, 'sessions')
      expect(sessions[0]).toMatchObject({ state: 'COMPLETED', tallyId, tallyStatus: 'confirmed' })
      expect(sessions.length).toBeLessThanOrEqual(2)
      for (const { state } of sessions) expect(['COMPLETED', 'FAILED']).toContain(state)
    }
    expect(await listed(alice, 'tallies')).toHaveLength(ROUNDS)
  })
})

describe.each(ROLES)('two bootstraps of one link at once (%s)', (role) => {
  test('end with one tally: the second waits for the first', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    await listener(alice)
    const link = await mint(alice, role)
    const both = await Promise.all([1, 2].map(() => taleusJson(bob, ['bootstrap', link, '--yes'])))
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    const [tallyId = ''] = both.map(({ json }) => String(json['tallyId']))
    expect(both[1]?.json['tallyId']).toBe(tallyId)
    expect(await listed(bob, 'tallies')).toHaveLength(1)
    expect(await listed(alice, 'tallies')).toHaveLength(1)
    await expectAgreed(alice, bob, tallyId)
  })
})

const INVITEE = fileURLToPath(new URL('../e2e/support/slow-invitee.ts', import.meta.url))

test('a process that stands still keeps its link for so long, and does no harm when it goes on', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await listener(alice)
  const link = await mint(alice, 'stock')
  const stuck = spawn(process.execPath, [INVITEE, bob, link])
  onTestFinished(() => void stuck.kill('SIGKILL'))
  const lines = createInterface({ input: stuck.stdout })[Symbol.asyncIterator]()
  expect(await lines.next()).toMatchObject({ value: 'checking' })
  stuck.kill('SIGSTOP')

  const busy = await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '2s'])
  expect(busy).toMatchObject({ code: 9, json: { error: { code: 'in_progress' } } })
  // Its session had three seconds, and its lease has five more.
  const done = await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '30s'])
  expect(done).toMatchObject({ code: 0, json: { status: 'confirmed' } })
  const before = await listed(bob, 'tallies')
  stuck.kill('SIGCONT')
  const outcome = JSON.parse(String((await lines.next()).value))
  expect(outcome).toMatchObject({ completed: false, reason: 'superseded' })
  expect(await listed(bob, 'tallies')).toEqual(before)
  await expectAgreed(alice, bob, String(done.json['tallyId']))
})
