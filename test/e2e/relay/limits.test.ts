import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Children } from '../../faults/kill/children.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { setLongTexts } from '../support/set-values.ts'

const LISTEN = '/ip4/127.0.0.1/tcp/0'

/** Bytes each way that carry some values of this test, and not all, and no large one. */
const SOME = 100_000

/** Alice, who is reached by a relay that carries so much, and the number of circuits that it has joined. */
async function behindRelay(maxCircuitBytes: number) {
  const [alice, relays] = [await dataDirectory(), await dataDirectory()]
  const children = new Children()
  onTestFinished(async () => await children.killAll())
  const limits = { maxCircuitBytes }
  const relay = await children.relay({ directory: relays, address: LISTEN, limits })
  const running = await listener(alice, ['--listen', LISTEN, '--relay', relay.address])
  await running.line(({ type, state }) => type === 'relay' && state === 'reserved')
  const announce = ['--announce', `${relay.address}/p2p-circuit`]
  const joined = async () => Number((await taleusJson(relays, ['relay', 'status'])).json['joined'])
  /** A tally with Alice, whom the other side knows by her relay alone until they have met once more. */
  const bootstrapped = async (other: string): Promise<string> => {
    const { json } = await taleusJson(alice, ['token', 'create', ...announce])
    const made = await taleusJson(other, ['bootstrap', String(json['link']), '--yes'])
    expect(made).toMatchObject({ code: 0, json: { route: 'relay' } })
    return String(made.json['tallyId'])
  }
  return { alice, running, joined, bootstrapped }
}

async function documentOf(directory: string, tallyId: string) {
  return (await taleusJson(directory, ['tally', 'show', tallyId])).json['document']
}

test('what is too much for one circuit is synced over several', async () => {
  const { alice, running, joined, bootstrapped } = await behindRelay(SOME)
  const bob = await dataDirectory()
  const tallyId = await bootstrapped(bob)
  const lengths = Array.from({ length: 6 }, (_, nth) => [`value ${nth}`, 30_000])
  await setLongTexts(bob, tallyId, Object.fromEntries(lengths))
  const before = await joined()
  const synced = await taleusJson(bob, ['tally', 'sync', tallyId])
  expect(synced).toMatchObject({ code: 0, json: { tallies: [{ state: 'in_sync' }] } })
  expect((await joined()) - before).toBeGreaterThan(1)
  expect(await documentOf(alice, tallyId)).toEqual(await documentOf(bob, tallyId))
  expect(await running.stop()).toBe(0)
})

test('a value that is larger than any circuit is told as that, is tried once, and stays here', async () => {
  const { alice, running, joined, bootstrapped } = await behindRelay(SOME)
  const bob = await dataDirectory()
  const tallyId = await bootstrapped(bob)
  const untouched = await documentOf(alice, tallyId)
  await setLongTexts(bob, tallyId, { large: 160_000 })
  const before = await joined()
  const cut = await taleusJson(bob, ['tally', 'sync', tallyId])
  expect(cut).toMatchObject({ code: 6, json: { error: { code: 'relay_limit' } } })
  expect(JSON.stringify(cut.json)).toContain(`at most ${SOME} bytes`)
  expect((await joined()) - before).toBe(1)
  expect(await documentOf(alice, tallyId)).toEqual(untouched)
  expect((await taleus(bob, ['tally', 'show', tallyId])).stdout).toContain(
    '1 change here that the partner has not',
  )
  expect(await running.stop()).toBe(0)
})

/** Bytes each way: enough for a bootstrap without terms, and not for 8 KiB of anything. */
const MOST = 8_000

test('a relay’s bound that ends a bootstrap, or a sync, is named on both sides, and the same command goes on', async () => {
  const [alice, bob, relays] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const children = new Children()
  onTestFinished(async () => await children.killAll())
  const relay = await children.relay({
    directory: relays,
    address: LISTEN,
    limits: { maxCircuitBytes: MOST },
  })
  const running = await listener(alice, ['--listen', LISTEN, '--relay', relay.address])
  await running.line(({ type, state }) => type === 'relay' && state === 'reserved')
  const announce = ['--announce', `${relay.address}/p2p-circuit`]
  const terms = join(relays, 'terms.json')
  writeFileSync(terms, JSON.stringify({ unit: 'EUR', text: 'x'.repeat(MOST) }))
  const wordy = await taleusJson(alice, ['token', 'create', '--terms', terms, ...announce])
  const cut = await taleusJson(bob, ['bootstrap', String(wordy.json['link']), '--yes'])
  expect(cut).toMatchObject({ code: 6, json: { error: { code: 'relay_limit' } } })
  expect(JSON.stringify(cut.json)).toContain(`at most ${MOST} bytes`)
  await running.line(({ type, reason }) => type === 'session' && reason === 'relay_limit')

  const short = await taleusJson(alice, ['token', 'create', ...announce])
  const made = await taleusJson(bob, ['bootstrap', String(short.json['link']), '--yes'])
  expect(made).toMatchObject({ code: 0, json: { route: 'relay' } })
  const tallyId = String(made.json['tallyId'])
  // Nothing that could be made any shorter.
  for (const key of ['one', 'two', 'three']) {
    const pair = `${key}=${randomBytes(3_000).toString('base64')}`
    expect((await taleus(bob, ['tally', 'set', tallyId, pair])).code).toBe(0)
  }
  const synced = await taleusJson(bob, ['tally', 'sync', tallyId])
  expect(synced).toMatchObject({ code: 6, json: { error: { code: 'relay_limit' } } })
  expect(await running.stop()).toBe(0)
})
