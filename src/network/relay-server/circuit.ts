import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'

/** How a circuit ended. `lost`: one of its ends was reset, or its connection went. */
export type CircuitEnd = 'closed' | 'bytes' | 'time' | 'lost' | 'stopped'

export interface CircuitInit {
  /** The stream of the peer that dials, and that of the reserved one. */
  readonly streams: readonly [Stream, Stream]
  /** In each direction. */
  readonly maxBytes: number
  readonly maxMs: number
  /** Called once. */
  over(end: CircuitEnd): void
}

/**
 * Two streams that are joined: what comes from one goes to the other as it is, no faster than that takes it, until both have
 * closed, one breaks, or a bound is reached.
 */
export class Circuit {
  readonly #init: CircuitInit
  readonly #ways: readonly [OneWay, OneWay]
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(init: CircuitInit) {
    this.#init = init
    const [one, other] = init.streams
    const way = (from: Stream, to: Stream) =>
      new OneWay({
        from,
        to,
        maxBytes: init.maxBytes,
        fail: (end) => this.end(end),
        ended: () => this.#ended(),
      })
    this.#ways = [way(one, other), way(other, one)]
  }

  start(): void {
    this.#timer = setTimeout(() => this.end('time'), this.#init.maxMs)
    for (const each of this.#ways) each.start()
  }

  /** Bytes that went through, both ways together. */
  get bytes(): number {
    return this.#ways[0].bytes + this.#ways[1].bytes
  }

  /** Ends both streams now, unless it is over. */
  end(end: CircuitEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    for (const each of this.#ways) each.stop()
    for (const stream of this.#init.streams) stream.abort(new Error(`circuit over: ${end}`))
    this.#init.over(end)
  }

  /** When both ways have said all, and what they said has left, both streams close by themselves. */
  #ended(): void {
    if (this.#ways.some((way) => !way.isDone)) return
    if (this.#init.streams.every(({ status }) => status !== 'open')) this.end('closed')
  }
}

interface OneWayInit {
  readonly from: Stream
  readonly to: Stream
  readonly maxBytes: number
  fail(end: CircuitEnd): void
  /** All has come that will, or the stream it came from is over. */
  ended(): void
}

const FROM_EVENTS = ['remoteCloseWrite', 'end', 'close', 'message'] as const

/** Listens to one stream and writes to the other. Nothing may throw out of a listener of libp2p's. */
class OneWay {
  readonly #init: OneWayInit
  bytes = 0
  isDone = false
  /** The other side has half-closed: a lost connection ends a stream in the same way, without that. */
  #isSaid = false
  #isWaiting = false
  #isResuming = false

  constructor(init: OneWayInit) {
    this.#init = init
  }

  start(): void {
    const { from, to, fail } = this.#init
    this.#isSaid = from.remoteWriteStatus === 'closed'
    to.addEventListener('drain', this)
    for (const type of FROM_EVENTS) from.addEventListener(type, this)
    if (from.status !== 'open') fail('lost')
    else if (from.readableEnded) this.#finish()
  }

  stop(): void {
    const { from, to } = this.#init
    to.removeEventListener('drain', this)
    for (const type of FROM_EVENTS) from.removeEventListener(type, this)
  }

  handleEvent(event: Event): void {
    try {
      if (isOfType<StreamMessageEvent>(event, 'message')) this.#pass(event.data)
      else if (isOfType<StreamCloseEvent>(event, 'close')) this.#closed(event)
      else if (event.type === 'drain') queueMicrotask(() => this.#goOn())
      else if (event.type === 'remoteCloseWrite') this.#isSaid = true
      else this.#finish()
    } catch {
      this.#init.fail('lost')
    }
  }

  #pass(data: StreamMessageEvent['data']): void {
    const { to, maxBytes, fail } = this.#init
    const left = maxBytes - this.bytes
    this.bytes += Math.min(left, data.byteLength)
    if (data.byteLength > left) {
      // All that may pass does: so either end can tell that the bound was reached.
      if (left > 0) to.send(data.subarray(0, left))
      return fail('bytes')
    }
    if (to.send(data)) return
    this.#isWaiting = true
    this.#holdIfFull()
  }

  /** libp2p sends what waits in a microtask before this one, and may be full again. */
  #goOn(): void {
    const { from, to, fail } = this.#init
    if (!this.#isWaiting || to.writableNeedsDrain) return
    this.#isWaiting = false
    if (from.readStatus !== 'paused') return
    this.#isResuming = true
    try {
      from.resume()
    } catch {
      // With its connection gone it can't tell that it goes on; what it held was told before.
      if (!this.isDone) fail('lost')
    }
    this.#isResuming = false
    this.#holdIfFull()
  }

  #holdIfFull(): void {
    const { from } = this.#init
    // While it resumes, a pause would be undone.
    if (this.#isWaiting && !this.#isResuming && from.readStatus === 'readable') from.pause()
  }

  #finish(): void {
    const { to, fail, ended } = this.#init
    if (this.isDone || !this.#isSaid) return
    this.isDone = true
    to.close().catch(() => fail('lost'))
    ended()
  }

  #closed({ error }: StreamCloseEvent): void {
    const { fail, ended } = this.#init
    if (error !== undefined || !this.#isSaid) fail('lost')
    // Else there are bytes left that the other one could not take yet.
    else if (this.isDone) ended()
  }
}

function isOfType<Kind extends Event>(event: Event, type: string): event is Kind {
  return event.type === type
}
