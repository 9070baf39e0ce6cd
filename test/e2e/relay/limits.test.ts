import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Children } from '../../faults/kill/children.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

const LISTEN = '/ip4/127.0.0.1/tcp/0'

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
