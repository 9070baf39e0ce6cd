import type { NetworkNode } from '../../network/node/node.ts'
import { serveAnswerLines } from '../../network/node/serve.ts'
import { COME_NOW } from '../../protocol/answer/answer-line.ts'
import type { Clock, Timer } from '../../session/ports/clock.ts'
import type { Transport } from '../../session/ports/transport.ts'
import type { WaitingByPeer } from '../../session/ports/uses/pending-request.ts'

/** Lines held at once, of all peers: a quarter of the connections that a node has, so that waiting fills no listener. */
export const MAX_LINES = 1_000

/** Lines of one peer at once: one that hangs does not keep the next one out. */
export const MAX_LINES_PER_PEER = 2

/** How often it is looked whether the inviter has said something, ms: also a command beside the listener may have. */
const LOOK_MS = 500

/** How long newcomers wait to be looked at together, ms: a crowd costs one look. */
const GATHER_MS = 20

export interface AnswerLinesPorts {
  readonly clock: Clock
  /** The requests of these peers about which the inviter has still to say yes or no. */
  undecided(peers: readonly string[]): Promise<WaitingByPeer>
}

/**
 * Holds the streams of invitees who wait for the inviter's yes or no, and tells each to come once there is one. Who has
 * nothing to wait for is told so at once: a stranger learns nothing by it. Nothing is stored, and nothing runs while nobody waits.
 */
export class AnswerLines {
  readonly #ports: AnswerLinesPorts
  /** By peer, each with the requests that waited when it was first looked at: which of them it is about is not said. */
  readonly #lines = new Map<string, Map<Transport, ReadonlySet<string> | undefined>>()
  #count = 0
  /** Peers that were not looked at yet. */
  readonly #fresh = new Set<string>()
  #timer: Timer | undefined
  /** The next look is one for newcomers. */
  #isSoon = false
  /** When all were looked at, monotonic ms. */
  #lookedAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined
  #isStopped = false
  #unserve: (() => Promise<void>) | undefined

  constructor(ports: AnswerLinesPorts) {
    this.#ports = ports
  }

  /** The lines that are held. */
  get count(): number {
    return this.#count
  }

  /** Takes the lines that come to a node. */
  async start(node: NetworkNode): Promise<this> {
    this.#unserve = await serveAnswerLines(node, (transport) => this.accept(transport))
    return this
  }

  accept(transport: Transport): void {
    const { remotePeer } = transport
    const lines = this.#lines.get(remotePeer) ?? new Map()
    const isFull = this.#count >= MAX_LINES || lines.size >= MAX_LINES_PER_PEER
    if (this.#isStopped || isFull) {
      transport.reset()
      return
    }
    this.#lines.set(remotePeer, lines.set(transport, undefined))
    this.#count += 1
    const leave = (): void => this.#drop(transport)
    const refuse = (): void => transport.reset()
    // Whoever waits says nothing; one that ends its half has gone.
    transport.listen({ frame: refuse, problem: refuse, ended: refuse, closed: leave })
    this.#fresh.add(remotePeer)
    this.#arm()
  }

  /** Ends all lines without a word: whoever waits comes again. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#timer?.clear()
    for (const lines of this.#lines.values()) for (const line of [...lines.keys()]) line.reset()
    await Promise.all([this.#looking, this.#unserve?.()])
  }

  #arm(): void {
    const isSoon = this.#fresh.size > 0
    const isArmed = this.#timer !== undefined && (this.#isSoon || !isSoon)
    if (this.#isStopped || this.#count === 0 || this.#looking !== undefined || isArmed) return
    this.#timer?.clear()
    this.#isSoon = isSoon
    this.#timer = this.#ports.clock.after(isSoon ? GATHER_MS : LOOK_MS, () => {
      this.#timer = undefined
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined
        this.#arm()
      })
    })
  }

  /** A store that fails is told of by the sessions; the lines are held until it answers. */
  async #look(): Promise<void> {
    const now = this.#ports.clock.monotonic()
    const isForAll = now - this.#lookedAt >= LOOK_MS
    if (isForAll) this.#lookedAt = now
    const peers = [...(isForAll ? this.#lines.keys() : this.#fresh)]
    this.#fresh.clear()
    const undecided = await this.#ports.undecided(peers).catch(() => undefined)
    if (undecided === undefined) return
    for (const peer of peers) this.#tellOf(peer, undecided.get(peer) ?? NOTHING)
  }

  /** Calls the lines of a peer of whose requests one waits no more: of two, the other one may be decided days later. */
  #tellOf(peer: string, waiting: ReadonlySet<string>): void {
    const lines = this.#lines.get(peer)
    for (const [line, before = waiting] of [...(lines ?? [])]) {
      if (waiting.size === 0 || [...before].some((id) => !waiting.has(id))) tell(line)
      else lines?.set(line, before)
    }
  }

  #drop(line: Transport): void {
    const lines = this.#lines.get(line.remotePeer)
    if (lines?.delete(line) !== true) return
    this.#count -= 1
    if (lines.size === 0) {
      this.#lines.delete(line.remotePeer)
      this.#fresh.delete(line.remotePeer)
    }
    if (this.#count > 0) return
    this.#timer?.clear()
    this.#timer = undefined
  }
}

const NOTHING: ReadonlySet<string> = new Set()

function tell(line: Transport): void {
  line.send(COME_NOW).then(
    () => void line.close(),
    () => line.reset(),
  )
}
