import { expect, onTestFinished, test } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import {
  dataDirectory,
  listener,
  type RunningListener,
  taleus,
  taleusJson,
} from '../support/cli.ts'

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/0/ws']

/** A party of its own, key and all, in this process: a hundred processes would only measure Node. */
async function invitee(): Promise<Redeemer> {
  const redeemer = new Redeemer({
    store: openMemoryStore(),
    hooks: createMemoryHooks(),
    key: generatePrivateKeyBytes(),
    config: { sessionTimeoutMs: 60_000, stepTimeoutMs: 60_000 },
  })
  await redeemer.start()
  onTestFinished(() => redeemer.stop())
  return redeemer
}

async function standingInvitation(directory: string): Promise<string> {
  const { json } = await taleusJson(directory, ['token', 'create', '--unlimited'])
  return String(json['link'])
}

test('a hundred invitees at once on one standing invitation get a hundred tallies', async () => {
  const alice = await dataDirectory()
  await listener(alice, [...LISTEN, '--max-sessions', '200'])
  const link = await standingInvitation(alice)
  const invitees = await Promise.all(Array.from({ length: 100 }, () => invitee()))
  const outcomes = await Promise.all(invitees.map((each) => each.redeemText(link, {})))
  expect(outcomes.filter(({ completed }) => !completed)).toEqual([])
  const ids = outcomes.flatMap((each) => (each.completed ? [each.tallyId] : []))
  expect(new Set(ids).size).toBe(100)
  const { json } = await taleusJson(alice, ['tally', 'list', '--limit', '200'])
  const tallies = Array.isArray(json['tallies']) ? json['tallies'] : []
  expect(new Set(tallies.map(({ tallyId }) => tallyId))).toEqual(new Set(ids))
  expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
})

/** Streams that are opened and then say nothing more, or nothing at all. */
async function stall(listening: RunningListener, link: string, streams: number): Promise<void> {
  const node = await createDialNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()) })
  onTestFinished(() => void stopNode(node))
  const dialer = createDialer(node)
  const { secret } = decodeLink(link)
  for (let at = 0; at < streams; at++) {
    const signal = AbortSignal.timeout(30_000)
    const transport = await dialer.dial(listening.peerId, listening.addresses, signal)
    transport.listen({ frame() {}, problem() {}, ended() {}, closed() {} })
    if (at % 2 === 0) {
      await transport.send(encodeMessage({ type: 'Inspect', secret: secretToText(secret) }))
    }
  }
}

test('invitees who stall delay nobody', async () => {
  const alice = await dataDirectory()
  const listening = await listener(alice, [
    ...LISTEN,
    '--step-timeout',
    '1m',
    '--session-timeout',
    '1m',
  ])
  const link = await standingInvitation(alice)
  await stall(listening, link, 8)
  const bob = await dataDirectory()
  const { code } = await taleus(bob, ['bootstrap', link, '--yes'])
  expect(code).toBe(0)
  // They are still there: nobody was served at their cost.
  expect(listening.lines.filter(({ to }) => to === 'TIMEOUT' || to === 'FAILED')).toEqual([])
})
