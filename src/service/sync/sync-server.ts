import type { Transport } from '../../session/ports/transport.ts'
import { sharedTallyRecords } from '../../store/sync/shared-tally-records.ts'
import type { SyncPorts } from './replica-ports.ts'
import type { HearSync } from './sync-news.ts'

/** Exchanges at once, of all partners: most are two frames about documents that are equal. */
const MAX_EXCHANGES = 64

/** Streams at once with those of whom it is being looked up whether they are partners. */
const MAX_ACCEPTED = 2 * MAX_EXCHANGES

/** Exchanges of one partner at once: one that hangs does not keep the next one out. */
export const MAX_EXCHANGES_PER_PARTNER = 2

/** Exchanges that one partner may begin in a minute. */
export const MAX_EXCHANGES_PER_MINUTE = 30

/** How long one exchange may take, ms: time for documents as large as they may be, on a slow line. */
const MAX_EXCHANGE_MS = 120_000

/** Answers partners who come to sync their tallies. Whoever has none with this side is shown out unheard. */
export class SyncServer {
  readonly #ports: SyncPorts
  readonly #addresses: () => readonly string[]
  readonly #hear: HearSync
  /** Streams under way, by partner. */
  readonly #open = new Map<string, Set<Transport>>()
  /** When each partner's exchanges of the last minute began. Only partners are in here. */
  readonly #begun = new Map<string, readonly number[]>()
  readonly #running = new Set<Promise<void>>()
  #isStopped = false

  /** @param addresses multiaddrs to tell partners */
  constructor(
    ports: SyncPorts,
    addresses: () => readonly string[],
    hear: HearSync = () => undefined,
  ) {
    this.#ports = ports
    this.#hear = hear
    this.#addresses = addresses
  }

  accept(transport: Transport): void {
    if (this.#isStopped || this.#running.size >= MAX_ACCEPTED) {
      transport.reset()
      return
    }
    const running = this.#admit(transport).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Ends all exchanges; what was taken is stored. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const streams of this.#open.values()) for (const stream of streams) stream.reset()
    await Promise.all(this.#running)
  }

  async #admit(transport: Transport): Promise<void> {
    const { remotePeer } = transport
    const isPartner = await this.#isPartner(remotePeer)
    if (!isPartner || this.#isStopped || !this.#mayBegin(remotePeer)) transport.reset()
    else await this.#host(transport)
  }

  async #host(transport: Transport): Promise<void> {
    const { remotePeer } = transport
    const streams = this.#open.get(remotePeer) ?? new Set()
    this.#open.set(remotePeer, streams.add(transport))
    const timer = setTimeout(() => transport.reset(), MAX_EXCHANGE_MS)
    try {
      // A listener without partners has no use for it.
      const { answerPartner } = await import('./answer-partner.ts')
      const news = await answerPartner(transport, this.#ports, this.#addresses())
      this.#hear({ peerId: remotePeer, by: 'partner', ...news })
    } catch {
      // Its code can't be loaded: the program was replaced while it runs.
      transport.reset()
    } finally {
      clearTimeout(timer)
      streams.delete(transport)
      if (streams.size === 0) this.#open.delete(remotePeer)
    }
  }

  /** Never rejects: a store that fails is told by its own watch. */
  #isPartner(peerId: string): Promise<boolean> {
    return this.#ports.store.query(() => sharedTallyRecords.isPartner(peerId)).catch(() => false)
  }

  get #exchanges(): number {
    return [...this.#open.values()].reduce((sum, streams) => sum + streams.size, 0)
  }

  #mayBegin(peerId: string): boolean {
    const isFull =
      this.#exchanges >= MAX_EXCHANGES ||
      (this.#open.get(peerId)?.size ?? 0) >= MAX_EXCHANGES_PER_PARTNER
    const now = performance.now()
    const recent = (this.#begun.get(peerId) ?? []).filter((at) => at > now - 60_000)
    if (isFull || recent.length >= MAX_EXCHANGES_PER_MINUTE) return false
    this.#begun.set(peerId, [...recent, now])
    return true
  }
}
