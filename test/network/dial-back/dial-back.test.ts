import { afterEach, expect, test } from 'vitest'
import {
  readMessage,
  sendLastMessage,
  sendMessage,
} from '../../../src/network/circuit/message-stream.ts'
import { askOutside } from '../../../src/network/dial-back/ask-outside.ts'
import { DialBackClient } from '../../../src/network/dial-back/dial-back-client.ts'
import {
  DIAL_BACK_PROTOCOL,
  DIAL_REQUEST_PROTOCOL,
  DIAL_STATUS,
  dialAnswerBytes,
  dialBackBytes,
  dialRequestBytes,
  REQUEST_STATUS,
  readDialAnswer,
  readDialRequest,
} from '../../../src/network/dial-back/dial-back-messages.ts'
import { type Connection, nodeAddresses } from '../../../src/network/node/node.ts'
import { ANYBODY, startRelay, stopRelays as stopOurs } from '../../support/network/relay-nodes.ts'
import { type Guest, guestOf, stockRelay, stopRelays } from '../../support/network/relays.ts'
import { listener, stopAll, TCP } from '../../support/network/two-nodes.ts'

const PATIENCE_MS = 10_000

afterEach(async () => {
  await stopRelays()
  await stopOurs()
  await stopAll()
})

async function guestAt(
  relay: string,
): Promise<{ guest: Guest; own: string; client: DialBackClient }> {
  const guest = await guestOf([relay], (transport) => transport.reset(), {}, [TCP])
  await expect.poll(() => guest.places[0]?.state).toBe('reserved')
  const client = new DialBackClient(guest.node)
  await client.start()
  const [own = ''] = nodeAddresses(guest.node)
  return { guest, own, client }
}

/** A relay that dials loopback, too. */
async function relayOfTest(isUsual = false) {
  const mayDial = isUsual ? undefined : () => true
  const relay = await startRelay(ANYBODY, {}, TCP, mayDial)
  const [address = ''] = relay.address.split('/p2p/')
  return { relay, address }
}

test('a relay dials the holder of a place back, who is met at the port where it listens and at no other', async () => {
  const { relay, address } = await relayOfTest()
  const { guest, own, client } = await guestAt(address)
  const other = await listener((transport) => transport.reset(), {}, [TCP])
  const probes = await askOutside(
    client,
    guest.places,
    [
      own,
      '/ip4/127.0.0.1/tcp/1',
      other.tcp,
      '/dns4/localhost/tcp/1',
      '/dns4/a.example/tcp/443/wss',
    ],
    PATIENCE_MS,
  )
  expect(probes).toEqual([
    { address: own, relay: address },
    { address: '/ip4/127.0.0.1/tcp/1', relay: address, problem: 'could not connect' },
    { address: other.tcp, relay: address, problem: 'could not connect' },
    { address: '/dns4/localhost/tcp/1', relay: address, problem: 'could not connect' },
  ])
  expect(relay.server.usage.dialBacks).toEqual({ met: 1, not_met: 3, refused: 0 })
  expect(guest.places[0]?.state).toBe('reserved')
  expect(relay.server.usage.reservations).toBe(1)
})

test('it dials no host but the one that it sees the holder at, and by default none that is not public', async () => {
  const { relay, address } = await relayOfTest()
  const { guest, client } = await guestAt(address)
  const far = ['/ip4/127.0.0.2/tcp/4710', '/ip6/::1/tcp/4710', '/ip4/8.8.8.8/tcp/4710']
  const refused = { relay: address, untried: 'does not see this computer at that address' }
  expect(await askOutside(client, guest.places, far, PATIENCE_MS)).toEqual(
    far.map((each) => ({ address: each, ...refused })),
  )
  expect(relay.server.usage.dialBacks).toEqual({ met: 0, not_met: 0, refused: 3 })
  const usual = await relayOfTest(true)
  const second = await guestAt(usual.address)
  expect(await askOutside(second.client, second.guest.places, [second.own], PATIENCE_MS)).toEqual([
    { address: second.own, relay: usual.address, untried: refused.untried },
  ])
})

test('without a place nobody is dialled, and nobody more often than some times', async () => {
  const { address } = await relayOfTest()
  const { guest, own, client } = await guestAt(address)
  const [place] = guest.places
  const answers: string[] = []
  for (let at = 0; at < 18; at += 1) {
    const connection = place?.connection
    if (connection === undefined) throw new Error('no place')
    answers.push(await client.ask(connection, own, AbortSignal.timeout(PATIENCE_MS)))
  }
  expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'met'))
  expect(answers.at(-1)).toBe('rejected')
  const stranger = await listener((transport) => transport.reset(), {}, [TCP])
  const { relay, address: second } = await relayOfTest()
  const connection = await stranger.node.dial(relay.node.getMultiaddrs()[0] ?? [])
  const asker = new DialBackClient(stranger.node)
  await asker.start()
  expect(await asker.ask(connection, stranger.tcp, AbortSignal.timeout(PATIENCE_MS))).toBe(
    'rejected',
  )
  expect(second).not.toBe(address)
})

test('a relay that dials nobody back is told as such', async () => {
  const relay = await stockRelay()
  const { guest, own, client } = await guestAt(relay.address)
  expect(await askOutside(client, guest.places, [own], PATIENCE_MS)).toEqual([
    { address: own, relay: relay.address, untried: 'dials nobody back' },
  ])
})

async function show(connection: Connection, nonce: bigint): Promise<void> {
  const back = await connection.newStream([DIAL_BACK_PROTOCOL])
  sendMessage(back, dialBackBytes(nonce))
  await readMessage(back, AbortSignal.timeout(PATIENCE_MS))
}

test('a relay that says it came is not believed when nobody did, nor when the number is another one', async () => {
  const { address } = await relayOfTest()
  const { guest, own, client } = await guestAt(address)
  const liar = await listener((transport) => transport.reset(), {}, [TCP])
  let shown = (nonce: bigint): bigint | undefined => (nonce === 0n ? nonce : undefined)
  await liar.node.handle(DIAL_REQUEST_PROTOCOL, async (stream, connection) => {
    const request = readDialRequest(await readMessage(stream, AbortSignal.timeout(PATIENCE_MS)))
    const nonce = shown(request?.nonce ?? 0n)
    if (nonce !== undefined) {
      await show(connection, nonce).catch(() => undefined)
    }
    await sendLastMessage(stream, dialAnswerBytes(REQUEST_STATUS.ok, 0, DIAL_STATUS.ok))
  })
  const connection = await guest.node.dial(liar.node.getMultiaddrs()[0] ?? [])
  const ask = () => client.ask(connection, own, AbortSignal.timeout(PATIENCE_MS))
  expect(await ask()).toBe('false_word')
  shown = (nonce) => nonce + 1n
  expect(await ask()).toBe('false_word')
  // The right number, on the connection that was there: nobody came in.
  shown = (nonce) => nonce
  expect(await ask()).toBe('false_word')
})

test('messages are those of the specification', () => {
  const address = Uint8Array.of(4, 8, 8, 8, 8, 6, 0x12, 0x66)
  const request = { addresses: [address], nonce: 0x0123456789abcdefn }
  const bytes = dialRequestBytes(request)
  expect(Buffer.from(bytes).toString('hex')).toBe('0a130a0804080808080612661' + '1efcdab8967452301')
  expect(readDialRequest(bytes)).toEqual({
    addresses: [Buffer.from(address)],
    nonce: request.nonce,
  })
  expect(readDialAnswer(Buffer.from('1a041001109c40', 'hex').subarray(0, 6))).toEqual({
    type: 'data',
  })
  expect(readDialAnswer(Buffer.from('120608c80118c801', 'hex'))).toEqual({
    type: 'answer',
    status: 200,
    dialStatus: 200,
  })
})
