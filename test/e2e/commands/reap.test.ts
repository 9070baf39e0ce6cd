import { describe, expect, test } from 'vitest'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { alterStore, onStore } from '../support/open-store.ts'

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0']
const DAY = 86_400_000

/** As if the acknowledgment had been lost, and so many days had passed. */
async function unacknowledged(directory: string, days: number): Promise<void> {
  await alterStore(directory, [
    "UPDATE tallies SET status = 'offered'",
    `UPDATE redemptions SET delivery = 'offered', changed_at = changed_at - ${days * DAY}`,
  ])
}

describe.each([true, false])('an old offer (listener runs: %s)', (isRunning) => {
  test('is withdrawn by name only; its peer is told, and keeps its half as withdrawn', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    let listening = await listener(alice, LISTEN)
    const [address = ''] = listening.addresses.map((each) => each.replace(/\/p2p\/.*$/, ''))
    const { json: token } = await taleusJson(alice, ['token', 'create'])
    const link = String(token['link'])
    expect((await taleusJson(bob, ['bootstrap', link, '--yes'])).code).toBe(0)
    await unacknowledged(alice, 40)
    if (!isRunning) expect(await listening.stop()).toBe(0)

    const looked = await taleusJson(alice, ['reap'])
    expect(looked).toMatchObject({ code: 0, json: { dryRun: true } })
    const young = ['reap', '--policy', 'offered', '--older-than', '50d']
    expect(await taleusJson(alice, young)).toMatchObject({
      json: { policies: [{ reaped: 0, skipped: [{ why: 'not old enough', count: 1 }] }] },
    })
    const { code, json } = await taleusJson(alice, [
      'reap',
      '--policy',
      'offered',
      '--reason',
      'old',
    ])
    expect({ code, json }).toMatchObject({
      code: 0,
      json: { dryRun: false, policies: [{ policy: 'offered', examined: 1, reaped: 1 }] },
    })
    expect((await taleusJson(alice, ['tally', 'list'])).json).toMatchObject({
      tallies: [],
      total: 0,
    })

    if (!isRunning) listening = await listener(alice, ['--listen', address])
    const told = await taleusJson(bob, ['bootstrap', link, '--yes'])
    expect(told).toMatchObject({ code: 5, json: { error: { code: 'withdrawn' } } })
    const { json: kept } = await taleusJson(bob, ['tally', 'list'])
    expect(kept).toMatchObject({ tallies: [{ status: 'withdrawn' }] })
    expect((await taleusJson(alice, ['token', 'list'])).json).toMatchObject({
      tokens: [{ used: 1, reserved: 0 }],
    })
    for (const party of [alice, bob]) {
      expect((await taleus(party, ['audit', 'verify'])).code).toBe(0)
    }
  })
})

test('a listener reaps by itself what it was asked to by name', async () => {
  const alice = await dataDirectory()
  const wishes = ['--reap', 'orphaned', '--reap-every', '1s']
  const listening = await listener(alice, [...LISTEN, ...wishes])
  await onStore(alice, async (store) => {
    const chunks = async () => (await store.query(() => tallyChunkRecords.all('nobody'))).length
    await store.transact(() =>
      tallyChunkRecords.add('nobody', { added: [new Uint8Array([1])], isFolded: false }),
    )
    for (let tries = 0; (await chunks()) > 0 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(await chunks()).toBe(0)
  })
  expect(await listening.stop()).toBe(0)
  const { code, stdout } = await taleus(alice, ['audit', 'verify'])
  expect({ code, stdout }).toMatchObject({ code: 0 })
})

test('what is no policy, or may still be on its way, is refused', async () => {
  const alice = await dataDirectory()
  for (const wrong of [
    ['reap', '--policy', 'everything'],
    ['reap', '--policy', 'offered', '--older-than', '1h'],
    ['listen', '--reap', 'offered'],
    ['listen', '--reap-every', '1s'],
  ]) {
    expect((await taleusJson(alice, wrong)).code, wrong.join(' ')).toBe(2)
  }
})
