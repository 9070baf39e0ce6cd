import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { reservePlace } from '../../../src/network/relay/ask-relay.ts'
import { openRelay, relayDirectory } from '../../../src/service/relay/open-relay.ts'
import type { RelayNews } from '../../../src/service/relay/relay-news.ts'
import { runningRelay } from '../../../src/service/relay/running-relay.ts'
import { dialingNode, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

async function service() {
  const parent = mkdtempSync(join(tmpdir(), 'taleus-relay-'))
  const news: RelayNews[] = []
  const relay = openRelay(parent, {
    policy: { open: false, allow: new Set() },
    listen: ['/ip4/127.0.0.1/tcp/0'],
    announce: [],
    tell: (each) => news.push(each),
    onDrain: (ms = 0) => ms,
  })
  const status = await relay.start()
  onTestFinished(async () => {
    await relay.stop(0)
    rmSync(parent, { recursive: true, force: true })
  })
  const [address = ''] = status.addresses
  return { parent, news, relay, address: multiaddr(`${address}/p2p/${status.peerId}`) }
}

test('of many refusals in a row some are told, and all are counted', async () => {
  const { news, relay, address } = await service()
  const connection = await (await dialingNode()).dial(address)
  const asked = Array.from({ length: 30 }, () =>
    reservePlace(connection, AbortSignal.timeout(30_000)),
  )
  const answers = await Promise.allSettled(asked)
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
  expect(relay.status().refused['not_allowed']).toBe(30)
  const told = news.filter(({ type }) => type === 'refused').length
  expect(told).toBeGreaterThanOrEqual(20)
  expect(told).toBeLessThan(30)
})

test('its status is told over its own socket, and is gone with it', async () => {
  const { parent, relay } = await service()
  const directory = relayDirectory(parent)
  if (directory === undefined) throw new Error('it has no directory')
  expect(await runningRelay(directory)).toMatchObject({
    peerId: relay.status().peerId,
    access: { open: false, peers: 0, token: false },
    draining: false,
  })
  expect(await relay.stop(0)).toEqual({ cut: 0 })
  expect(await runningRelay(directory)).toBeUndefined()
})
