import type { Connection, Stream } from '@libp2p/interface'
import { TransportClosedError } from '../../session/errors.ts'
import { toError } from '../base/to-error.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'
import { createTransport } from '../stream/stream-transport.ts'
import {
  ACCESS_EXCHANGE_MS,
  ACCESS_NONCE_BYTES,
  accessProof,
  GRANTED,
  REFUSED,
  RELAY_ACCESS_PROTOCOL,
} from './access-proof.ts'

/** `unsupported`: it is no relay of taleus, or asks nobody for a token. */
export type RelayAccessAnswer = 'granted' | 'refused' | 'unsupported'

export interface RelayAccessOptions {
  /** This node's own peer id, `12D3KooW…`. */
  readonly localPeer: string
  readonly signal?: AbortSignal
}

/**
 * Proves to a relay, over the connection to it, that this node knows the relay's token; the token itself is not sent.
 * Once granted, the node may reserve on this connection. Bounded by `ACCESS_EXCHANGE_MS`.
 * @throws TransportClosedError if the connection broke, the time was up, or what came was no answer; the signal's reason
 */
export async function requestRelayAccess(
  connection: Connection,
  token: string,
  { localPeer, signal }: RelayAccessOptions,
): Promise<RelayAccessAnswer> {
  signal?.throwIfAborted()
  const own = new AbortController()
  const giveUp = (): void => own.abort()
  const timer = setTimeout(giveUp, ACCESS_EXCHANGE_MS)
  signal?.addEventListener('abort', giveUp)
  try {
    const options = { signal: own.signal, ...STRICT_STREAM }
    const stream = await connection.newStream([RELAY_ACCESS_PROTOCOL], options)
    const ends = { relay: connection.remotePeer.toString(), client: localPeer }
    return await exchange(stream, connection, own.signal, (nonce) =>
      accessProof(token, ends, nonce),
    )
  } catch (cause) {
    signal?.throwIfAborted()
    const { name } = toError(cause)
    if (name === 'UnsupportedProtocolError') return 'unsupported'
    if (cause instanceof TransportClosedError) throw cause
    throw new TransportClosedError('the relay did not answer to the proof of its token', { cause })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  }
}

async function exchange(
  stream: Stream,
  connection: Connection,
  signal: AbortSignal,
  prove: (nonce: Uint8Array) => Uint8Array,
): Promise<RelayAccessAnswer> {
  const transport = createTransport(stream, connection)
  const answer = Promise.withResolvers<RelayAccessAnswer>()
  const fail = (why: string): void => {
    answer.reject(new TransportClosedError(why))
    transport.reset()
  }
  const onAbort = (): void => fail('the relay took too long over the proof of its token')
  signal.addEventListener('abort', onAbort)
  let isProved = false
  transport.listen({
    frame(bytes) {
      if (!isProved && bytes.length === ACCESS_NONCE_BYTES) {
        isProved = true
        transport.send(prove(bytes)).catch(answer.reject)
        return
      }
      const told = isProved ? answerIn(bytes) : undefined
      if (told === undefined) fail('the relay said what is no part of a proof')
      else answer.resolve(told)
    },
    problem: () => fail('the relay sent what is no frame'),
    ended: () => undefined,
    closed: () => fail('the relay broke off while a token was proved'),
  })
  try {
    if (signal.aborted) onAbort()
    const told = await answer.promise
    await transport.close()
    return told
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function answerIn(bytes: Uint8Array): RelayAccessAnswer | undefined {
  if (bytes.length !== 1) return undefined
  if (bytes[0] === GRANTED) return 'granted'
  return bytes[0] === REFUSED ? 'refused' : undefined
}
