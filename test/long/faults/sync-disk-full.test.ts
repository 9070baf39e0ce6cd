import { expect, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunOptions,
  taleus,
  taleusJson,
} from '../../e2e/support/cli.ts'
import { setLongTexts } from '../../e2e/support/set-values.ts'
import { SmallDisk } from '../../faults/directory/small-disk.ts'

/** To the last byte: what happens beyond the reserve is what this is about. */
const env = { TALEUS_DISK_RESERVE: '0' }

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0']

const PAGE = 4_096

interface Side {
  readonly directory: string
  readonly options: RunOptions
}

/** A side with a small disk of its own, and one with the disk of everybody. */
async function smallAndLarge(): Promise<{ disk: SmallDisk; small: Side; large: Side }> {
  const disk = await SmallDisk.mount()
  const { directory, through } = disk
  const large = { directory: await dataDirectory(), options: {} }
  return { disk, small: { directory, options: { through } }, large }
}

async function run({ directory, options }: Side, ...args: string[]) {
  return await taleusJson(directory, args, options)
}

async function documentOf(side: Side, tallyId: string) {
  return (await run(side, 'tally', 'show', tallyId)).json['document']
}

async function isWhole({ directory, options }: Side): Promise<number | null> {
  return (await taleus(directory, ['audit', 'verify'], options)).code
}

test.each([0, 8 * PAGE])(
  'a listener with %i bytes left takes what fits and is stored, nothing half, and the rest when there is room',
  async (room) => {
    const { disk, small: alice, large: bob } = await smallAndLarge()
    const { through } = disk
    const listening = await listener(alice.directory, LISTEN, { through, env })
    const { json } = await run(alice, 'token', 'create')
    const made = await run(bob, 'bootstrap', String(json['link']), '--yes')
    const tallyId = String(made.json['tallyId'])
    const first = await run(bob, 'tally', 'set', tallyId, 'first=stored before')
    expect(first.code).toBe(0)
    expect((await run(bob, 'tally', 'sync', tallyId)).code).toBe(0)
    const before = await documentOf(alice, tallyId)
    expect(before).toMatchObject({ first: 'stored before' })
    await setLongTexts(bob.directory, tallyId, { second: 40_000, third: 40_000, fourth: 40_000 })
    await disk.fill(room)
    expect(await run(bob, 'tally', 'sync', tallyId)).toMatchObject({
      code: 6,
      json: { error: { code: 'sync_cut' } },
    })
    // Of changes that were not stored nothing is shown, and those that were are whole.
    const [his, hers] = [await documentOf(bob, tallyId), await documentOf(alice, tallyId)]
    expect(hers).toMatchObject(Object(before))
    expect(his).toMatchObject(Object(hers))
    await disk.makeRoom()
    const isReady = async () => (await run(alice, 'status')).json['health']
    await expect.poll(isReady, { timeout: 15_000 }).toMatchObject({ ready: true })
    expect(await run(bob, 'tally', 'sync', tallyId)).toMatchObject({
      code: 0,
      json: { tallies: [{ state: 'in_sync', ahead: 0 }] },
    })
    expect(await documentOf(alice, tallyId)).toEqual(await documentOf(bob, tallyId))
    expect(await listening.stop()).toBe(0)
    for (const side of [alice, bob]) expect(await isWhole(side)).toBe(0)
  },
)

test('a seeker whose disk is full says so, keeps its document, and has the partner’s changes when there is room', async () => {
  const { disk, small: bob, large: alice } = await smallAndLarge()
  const listening = await listener(alice.directory, LISTEN)
  const { json } = await run(alice, 'token', 'create')
  const made = await run(bob, 'bootstrap', String(json['link']), '--yes')
  const tallyId = String(made.json['tallyId'])
  const before = await documentOf(bob, tallyId)
  await setLongTexts(alice.directory, tallyId, { note: 40_000 })
  await disk.fill(0)
  for (const args of [
    ['sync', tallyId],
    ['set', tallyId, 'limit=250'],
  ]) {
    expect(await run(bob, 'tally', ...args)).toMatchObject({
      code: 10,
      json: { error: { code: 'disk_full' } },
    })
  }
  await disk.makeRoom()
  expect(await documentOf(bob, tallyId)).toEqual(before)
  expect((await run(bob, 'tally', 'sync', tallyId)).code).toBe(0)
  expect(await documentOf(bob, tallyId)).toEqual(await documentOf(alice, tallyId))
  expect(await listening.stop()).toBe(0)
  for (const side of [alice, bob]) expect(await isWhole(side)).toBe(0)
})
