import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import { DEFAULT_NETWORK_LIMITS } from '../base/limits.ts'
import { toError } from '../base/to-error.ts'
import { numberBytes } from './protobuf.ts'

/** Bytes of the longest message that is read: as go-libp2p has it. The longest that is sent has fewer. */
const MAX_MESSAGE_BYTES = 4_096

/** Bytes of the length before it. */
const MAX_PREFIX_BYTES = 2

/** A stream ended, or carried no message, while one was awaited. */
class NoMessageError extends Error {
  override readonly name = 'NoMessageError'
}

/** Sends one message behind its length. @throws libp2p's error if the stream is over */
export function sendMessage(stream: Stream, message: Uint8Array): void {
  stream.send(Buffer.concat([numberBytes(message.length), message]))
}

/**
 * Sends one message, and closes: nothing comes after it, and from the other side neither.
 * @throws libp2p's error if the stream is over
 */
export async function sendLastMessage(stream: Stream, message: Uint8Array): Promise<void> {
  sendMessage(stream, message)
  const { closeGraceMs } = DEFAULT_NETWORK_LIMITS
  const timer = setTimeout(() => stream.abort(new Error('it was not closed')), closeGraceMs)
  stream.addEventListener('close', () => clearTimeout(timer))
  await stream.close()
}

/**
 * Reads one message. What comes behind it stays in the stream.
 * @throws NoMessageError, also when the signal is aborted
 */
export async function readMessage(stream: Stream, signal: AbortSignal): Promise<Uint8Array> {
  const reader = new MessageReader(stream)
  const giveUp = (): void => reader.fail('too late')
  signal.addEventListener('abort', giveUp)
  try {
    if (signal.aborted) giveUp()
    return await reader.message
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

const EVENTS = ['message', 'end', 'close'] as const

/** Listens to a stream until one message is there. Nothing may throw out of a listener of libp2p's. */
class MessageReader {
  readonly #stream: Stream
  readonly #message = Promise.withResolvers<Uint8Array>()
  #bytes: Uint8Array = new Uint8Array()

  constructor(stream: Stream) {
    this.#stream = stream
    for (const type of EVENTS) stream.addEventListener(type, this)
    if (stream.status !== 'open') this.fail('over')
  }

  get message(): Promise<Uint8Array> {
    return this.#message.promise
  }

  fail(why: string): void {
    this.#leave()
    this.#message.reject(new NoMessageError(why))
  }

  handleEvent(event: Event): void {
    try {
      if (!isMessage(event)) this.fail('the stream ended')
      else this.#take(event.data.subarray())
    } catch (error) {
      this.fail(toError(error).message)
    }
  }

  #take(chunk: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    const prefix = prefixOf(this.#bytes)
    if (prefix === undefined) return
    const end = prefix.end + prefix.length
    if (prefix.length > MAX_MESSAGE_BYTES) return this.fail('the message is too long')
    if (this.#bytes.length < end) return
    this.#leave()
    const rest = this.#bytes.subarray(end)
    // Kept until somebody listens again.
    if (rest.length > 0) this.#stream.unshift(rest)
    this.#message.resolve(this.#bytes.subarray(prefix.end, end))
  }

  #leave(): void {
    for (const type of EVENTS) this.#stream.removeEventListener(type, this)
  }
}

function isMessage(event: Event): event is StreamMessageEvent {
  return event.type === 'message'
}

/** @returns undefined while it is not whole @throws NoMessageError if it has too many bytes */
function prefixOf(bytes: Uint8Array): { length: number; end: number } | undefined {
  let length = 0
  for (const [index, byte] of bytes.subarray(0, MAX_PREFIX_BYTES).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { length, end: index + 1 }
  }
  if (bytes.length >= MAX_PREFIX_BYTES) throw new NoMessageError('the length is too long')
  return undefined
}
