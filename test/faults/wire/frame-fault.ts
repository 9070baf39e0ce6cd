import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type { MessageType } from '../../../src/protocol/message/messages.ts'
import { TransportClosedError } from '../../../src/session/errors.ts'
import type { Transport, TransportListener } from '../../../src/session/ports/transport.ts'

/** What happens to one frame, above encryption. */
export const FRAME_FAULTS = [
  'drop',
  'duplicate',
  /** The stream is reset instead. */
  'cutBefore',
  /** The stream is reset right after it. */
  'cutAfter',
  'halfCloseBefore',
  'halfCloseAfter',
] as const

export type FrameFault = (typeof FRAME_FAULTS)[number]

/** Something to do to the first frame of one type, as its sender or as its receiver. */
export interface FaultPlan {
  readonly message: MessageType
  readonly at: 'sending' | 'receiving'
  /** A frame's own fault, or something that is done to the wire before the frame leaves or is read. */
  readonly fault: FrameFault | (() => void)
}

/** How long bytes may take to leave before a reset takes them back, ms. */
const LEAVE_MS = 20

/** A transport that does its work, but for one frame. */
export class FaultyTransport implements Transport {
  readonly remotePeer: string
  /** Every payload that came in, in order. */
  readonly heard: Uint8Array[] = []
  readonly #inner: Transport
  readonly #plan: FaultPlan | undefined
  #fired = false

  constructor(inner: Transport, plan?: FaultPlan) {
    this.remotePeer = inner.remotePeer
    this.#inner = inner
    this.#plan = plan
  }

  /** The fault has happened: a test without it would prove nothing. */
  get fired(): boolean {
    return this.#fired
  }

  get remoteAddress(): string {
    return this.#inner.remoteAddress
  }

  get bytesIn(): number {
    return this.#inner.bytesIn
  }

  get bytesOut(): number {
    return this.#inner.bytesOut
  }

  listen(listener: TransportListener): void {
    this.#inner.listen({
      frame: (payload) => this.#receive(payload, listener),
      problem: (problem) => listener.problem(problem),
      ended: () => listener.ended(),
      closed: (clean) => listener.closed(clean),
    })
  }

  async send(payload: Uint8Array): Promise<void> {
    const fault = this.#faultOf('sending', payload)
    const inner = this.#inner
    switch (fault) {
      case 'drop':
        return
      case 'duplicate':
        await inner.send(payload)
        return await inner.send(payload)
      case 'cutBefore':
        inner.reset()
        throw new TransportClosedError()
      case 'cutAfter':
        await inner.send(payload)
        await new Promise((resolve) => setTimeout(resolve, LEAVE_MS))
        return inner.reset()
      case 'halfCloseBefore':
        void inner.close()
        return await inner.send(payload)
      case 'halfCloseAfter':
        await inner.send(payload)
        void inner.close()
        return
      case undefined:
        return await inner.send(payload)
      default:
        fault()
        return await inner.send(payload)
    }
  }

  pause(): void {
    this.#inner.pause()
  }

  resume(): void {
    this.#inner.resume()
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  reset(): void {
    this.#inner.reset()
  }

  #receive(payload: Uint8Array, listener: TransportListener): void {
    const fault = this.#faultOf('receiving', payload)
    const inner = this.#inner
    if (fault !== 'drop') this.heard.push(payload)
    switch (fault) {
      case 'drop':
        return
      case 'duplicate':
        listener.frame(payload)
        return listener.frame(payload)
      case 'cutBefore':
        return inner.reset()
      case 'cutAfter':
        listener.frame(payload)
        return inner.reset()
      case 'halfCloseBefore':
        void inner.close()
        return listener.frame(payload)
      case 'halfCloseAfter':
        listener.frame(payload)
        void inner.close()
        return
      case undefined:
        return listener.frame(payload)
      default:
        fault()
        return listener.frame(payload)
    }
  }

  #faultOf(at: FaultPlan['at'], payload: Uint8Array): FaultPlan['fault'] | undefined {
    const plan = this.#plan
    if (plan === undefined || this.#fired || plan.at !== at) return undefined
    if (decodeMessage(payload).type !== plan.message) return undefined
    this.#fired = true
    return plan.fault
  }
}
