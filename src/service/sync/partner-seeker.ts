import { setTimeout as sleep } from 'node:timers/promises'
import type { Query } from '../../store/query/query.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { learnCadres } from '../tallies/partner-places.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { Slots } from '../waiting/slots.ts'
import type { SeekPorts } from './seek-partner.ts'
import { SeekPauses } from './seek-pauses.ts'
import { isShared, MAX_SHARED_TALLIES, syncStateOf } from './sync-state.ts'

/** How often it looks for partners to seek, ms, whether or not it was told of a change. */
const LOOK_EVERY_MS = 15_000

/** The first look after the start comes within so long, ms. */
const FIRST_LOOK_MS = 2_000

/** A partner that has not been met for so long is sought though nothing was changed here, ms. */
const SEEK_AGAIN_MS = 1_800_000

/** Partners that are looked at each time: those that were missed of late come last. */
const MAX_DUE = 100

/** Partners that are sought at the same time: one that does not answer keeps no others waiting. */
const MAX_SOUGHT_AT_ONCE = 4

/**
 * Between two tries for one partner, ms: edits that come one after the other go together, and the partner takes 30
 * exchanges a minute.
 */
const REST_MS = 3_000

/** A partner that is being sought, or was a moment ago. */
interface Sought {
  /** It is to be sought once more. */
  isAgain: boolean
  /** The first try is over. */
  readonly first: Promise<void>
}

/** Seeks partners whose documents differ from those here, who have not been met for long, or of whom it is told. */
export class PartnerSeeker {
  readonly #ports: Omit<SeekPorts, 'addresses'>
  readonly #addresses: () => readonly string[]
  readonly #restMs: number
  readonly #stopping = new AbortController()
  readonly #pauses = new SeekPauses()
  readonly #slots = new Slots(MAX_SOUGHT_AT_ONCE)
  readonly #sought = new Map<string, Sought>()
  readonly #running = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  /** @param addresses multiaddrs to tell partners */
  constructor(
    ports: Omit<SeekPorts, 'addresses'>,
    addresses: () => readonly string[],
    { restMs = REST_MS } = {},
  ) {
    this.#ports = ports
    this.#addresses = addresses
    this.#restMs = restMs
  }

  start(): void {
    this.#lookIn(FIRST_LOOK_MS * Math.random(), () => this.#learnCadres())
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stopping.abort()
    await Promise.all([this.#looking, ...this.#running])
  }

  /** Seeks a partner now: something has changed for it. */
  seekNow(peerId: string): void {
    this.#pauses.end(peerId)
    const sought = this.#sought.get(peerId)
    if (sought === undefined) void this.#begin(peerId)
    else sought.isAgain = true
  }

  /** Seeks those whose turn it is, each once. Never rejects. */
  async look(): Promise<void> {
    const { store, now } = this.#ports
    try {
      const seenBefore = now() - SEEK_AGAIN_MS
      const due = await store.query(() => tallySyncRecords.duePartners(seenBefore, MAX_DUE))
      const free = due.filter((id) => this.#pauses.mayTry(id, now()) && !this.#sought.has(id))
      await Promise.all(free.map((peerId) => this.#begin(peerId)))
    } catch {
      // The store could not be read: its own watch tells that. The next look is the next try.
    }
  }

  async #learnCadres(): Promise<void> {
    const { store, now } = this.#ports
    try {
      await learnCadres(store, now, this.#stopping.signal)
    } catch {
      // The store could not be read or written: its own watch tells that. Whoever has an address is sought all the same.
    }
  }

  /** @param first is done before */
  #lookIn(ms: number, first: () => Promise<void> = async () => undefined): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#lookAfter(first).finally(() => {
        // Many that were started together must not seek together.
        if (!this.#stopping.signal.aborted) this.#lookIn(LOOK_EVERY_MS * (0.5 + Math.random()))
      })
    }, ms)
  }

  async #lookAfter(first: () => Promise<void>): Promise<void> {
    await first()
    await this.look()
  }

  /** Resolves when the first try is over. */
  #begin(peerId: string): Promise<void> {
    const sought = { isAgain: false, first: this.#try(peerId) }
    this.#sought.set(peerId, sought)
    const running = this.#goOn(peerId, sought).finally(() => this.#running.delete(running))
    this.#running.add(running)
    return sought.first
  }

  async #goOn(peerId: string, sought: Sought): Promise<void> {
    const { signal } = this.#stopping
    await sought.first
    for (;;) {
      if (this.#restMs > 0) {
        await sleep(this.#restMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
      if (!sought.isAgain || signal.aborted) break
      sought.isAgain = false
      await this.#try(peerId)
    }
    this.#sought.delete(peerId)
  }

  /** Never rejects. */
  async #try(peerId: string): Promise<void> {
    try {
      await this.#slots.use(async () => {
        if (!this.#stopping.signal.aborted) await this.#seek(peerId)
      })
    } catch {
      // The store could not be read or written: its own watch tells that.
    }
  }

  async #seek(peerId: string): Promise<void> {
    const { store, now } = this.#ports
    const all = await store.query(() => tallyRecords.ofPartner(peerId, MAX_SHARED_TALLIES))
    const shared = all.filter(isShared)
    const ports = { ...this.#ports, addresses: this.#addresses() }
    // A listener without partners has no use for it.
    const { seekOnce } = await import('./seek-once.ts')
    const { hasProgressed } = await seekOnce(ports, peerId, shared, this.#stopping.signal)
    const isTogether = await store.query(() => areInSync(shared))
    if (isTogether) this.#pauses.end(peerId)
    else this.#pauses.failed(peerId, now(), hasProgressed)
  }
}

function* areInSync(tallies: readonly TallyRecord[]): Query<boolean> {
  for (const { tallyId } of tallies) {
    if (syncStateOf(yield* tallySyncRecords.find(tallyId)) !== 'in_sync') return false
  }
  return true
}
