/**
 * Clients that redeem one invitation again and again, and when they are refused come again as late as they are told.
 * `overload-client.ts LINK FOIL-LINK`; asked `{ clients, seconds, spreadMs }`, it answers what became of them; asked
 * `{ hold }`, it takes so many places with the second link and keeps them.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '@libp2p/interface'
import { StreamMessageEvent } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { NetworkNode } from '../src/network/node/node.ts'
import { BOOTSTRAP_PROTOCOL } from '../src/network/stream/bootstrap-protocol.ts'
import { peerIdOfPublicKey } from '../src/protocol/base/peer-id-text.ts'
import { FrameDecoder } from '../src/protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../src/protocol/frame/frame-encoder.ts'
import { decodeLink } from '../src/protocol/link/link.ts'
import { secretToText } from '../src/protocol/link/secret.ts'
import { decodeMessage } from '../src/protocol/message/message-codec.ts'
import { LightMessages } from './light-messages.ts'
import { LightInvitee } from './light-session.ts'
import { createSigningNode } from './signing-node.ts'

const [, , text = '', foilText = ''] = process.argv
const link = decodeLink(text)
const server = multiaddr(`${link.addresses[0]}/p2p/${peerIdOfPublicKey(link.publicKey)}`)
const foil = decodeLink(foilText)
const holder = new LightInvitee({
  role: foil.role,
  secret: secretToText(foil.secret),
  identity: {},
})
const messages = new LightMessages({
  role: link.role,
  secret: secretToText(link.secret),
  identity: {},
})

/** Peers, each with a connection, that the clients share. */
const PEERS = 20
/** As the dialer has it: up to this part later than told. */
const JITTER = 0.25

interface Guest {
  readonly node: NetworkNode
  readonly connection: Connection
}

/** The ms to wait after a refusal, or nothing after a tally. */
async function bootstrap({ node, connection }: Guest): Promise<number | undefined> {
  const stream = await connection.newStream([BOOTSTRAP_PROTOCOL], { maxOutboundStreams: 4_096 })
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const decoder = new FrameDecoder()
  stream.addEventListener('message', (event) => {
    if (!(event instanceof StreamMessageEvent)) return
    const [answer] = decoder.push(event.data.subarray())
    if (answer !== undefined) resolve(answer)
  })
  stream.addEventListener('close', () => reject(new Error('closed without an answer')))
  stream.send(encodeFrame(messages.contact(node.peerId.toString())))
  const answer = await promise
  const message = decodeMessage(answer)
  if (message.type !== 'ProvisioningResult') throw new Error('no answer to a contact')
  if (message.approved)
    stream.send(encodeFrame(messages.acknowledgment(answer, node.peerId.toString())))
  void stream.close().catch(() => undefined)
  if (message.approved) return undefined
  if (message.retryAfterMs === undefined) throw new Error(`refused for good: ${message.code}`)
  return message.retryAfterMs
}

async function hold(places: number): Promise<{ readonly held: number }> {
  for (let index = 0; index < places; index += 1) {
    const guest = guests[index % guests.length]
    if (guest === undefined) continue
    const stream = await guest.connection.newStream([BOOTSTRAP_PROTOCOL], {
      maxOutboundStreams: 4_096,
    })
    const { done, closed } = holder.play(stream, guest.node.peerId.toString(), { holds: true })
    closed.catch(() => undefined)
    await done
  }
  return { held: places }
}

async function load(clients: number, seconds: number, spreadMs: number) {
  lag.reset()
  const refusals: number[] = []
  const problems: string[] = []
  let done = 0
  const until = performance.now() + seconds * 1_000
  const client = async (guest: Guest): Promise<void> => {
    await sleep(Math.random() * spreadMs)
    while (performance.now() < until) {
      const began = performance.now()
      try {
        const pause = await bootstrap(guest)
        if (pause === undefined) {
          done += 1
          continue
        }
        refusals.push(performance.now() - began)
        await sleep(pause * (1 + Math.random() * JITTER))
      } catch (error) {
        problems.push(String(error))
      }
    }
  }
  const all = Array.from({ length: clients }, (_, index) => guests[index % guests.length])
  await Promise.all(all.map((guest) => (guest === undefined ? undefined : client(guest))))
  refusals.sort((a, b) => a - b)
  const p99 = refusals[Math.floor(refusals.length * 0.99)] ?? 0
  const lateMs = lag.max / 1e6 - LAG_RESOLUTION_MS
  const told = { p99, lateMs, problems: problems.slice(0, 5) }
  return { rate: done / seconds, refused: refusals.length, ...told }
}

const LAG_RESOLUTION_MS = 5
const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
lag.enable()
const guests: Guest[] = []
for (let index = 0; index < PEERS; index += 1) {
  const node = await createSigningNode()
  guests.push({ node, connection: await node.dial(server) })
}

interface Question {
  readonly clients: number
  readonly seconds: number
  /** They do not come all at once, but within so many ms. */
  readonly spreadMs: number
}

process.on('message', (question: Question | { readonly hold: number }) => {
  const answer =
    'hold' in question
      ? hold(question.hold)
      : load(question.clients, question.seconds, question.spreadMs)
  void answer.then((told) => process.send?.(told))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
