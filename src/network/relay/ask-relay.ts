import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { toError } from '../base/to-error.ts'
import type { CircuitLimit } from '../circuit/circuit-meter.ts'
import { HOP_PROTOCOL, STATUS } from '../circuit/circuit-protocol.ts'
import { readMessage, sendMessage } from '../circuit/message-stream.ts'
import { RelayRefusedError } from '../errors.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'
import {
  connectBytes,
  type RelayAnswer,
  readRelayAnswer,
  reserveBytes,
} from './circuit-messages.ts'

/** Milliseconds that a relay has to end a stream after its answer. */
const END_MS = 2_000

/**
 * Asks a relay to keep a place at which others reach us.
 * @returns when the place ends, seconds since the epoch by the relay's clock
 * @throws RelayRefusedError; libp2p's error if the relay is no relay, or is gone
 */
export async function reservePlace(relay: Connection, signal: AbortSignal): Promise<number> {
  const { stream, answer } = await ask(relay, reserveBytes(), signal)
  // A relay whose stream is reset may take it that its answer was not heard, and give the place to others.
  const timer = setTimeout(() => stream.abort(new Error('it was not closed')), END_MS)
  stream.addEventListener('close', () => clearTimeout(timer))
  await stream.close({ signal })
  if (answer.expire === undefined) throw new RelayRefusedError(undefined)
  return answer.expire
}

/**
 * Asks a relay to connect us with a peer that has a place there.
 * @returns the stream that leads to the peer
 * @throws RelayRefusedError; libp2p's error if the relay is no relay, or is gone
 */
export async function connectBeyond(
  relay: Connection,
  peer: PeerId,
  signal: AbortSignal,
): Promise<{ readonly stream: Stream; readonly limit: CircuitLimit }> {
  const { stream, answer } = await ask(relay, connectBytes(peer.toMultihash().bytes), signal)
  return { stream, limit: answer.limit }
}

async function ask(
  relay: Connection,
  message: Uint8Array,
  signal: AbortSignal,
): Promise<{ readonly stream: Stream; readonly answer: RelayAnswer }> {
  const stream = await relay.newStream([HOP_PROTOCOL], { signal, ...STRICT_STREAM })
  try {
    sendMessage(stream, message)
    const answer = readRelayAnswer(await readMessage(stream, signal))
    if (answer.status !== STATUS.ok) throw new RelayRefusedError(answer.status)
    return { stream, answer }
  } catch (error) {
    stream.abort(toError(error))
    throw error
  }
}
