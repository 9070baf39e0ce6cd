import { seekOnce } from './seek-once.ts'
import type { SeekPorts } from './seek-partner.ts'
import { MAX_SHARED_TALLIES } from './stored-replicas.ts'
import { isShared, syncStateOf } from './sync-state.ts'

/** How often it looks for partners to seek, ms: so soon an edit of this side is on its way. */
const LOOK_EVERY_MS = 15_000

/** A partner that has not been met for so long is sought though nothing was changed here, ms. */
const SEEK_AGAIN_MS = 1_800_000

/** After a try that did not bring the documents together the next one waits, ms, twice as long each time up to the longest. */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 3_600_000

/** Partners that are looked at each time: those that were missed of late come last. */
const MAX_DUE = 100

interface Pause {
  readonly ms: number
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** Seeks partners whose documents differ from those here, or who have not been met for long, one after the other. */
export class PartnerSeeker {
  readonly #ports: Omit<SeekPorts, 'addresses'>
  readonly #addresses: () => readonly string[]
  readonly #stopping = new AbortController()
  /** By partner, of those with whom the last try came to nothing. */
  readonly #pauses = new Map<string, Pause>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  /** @param addresses multiaddrs to tell partners */
  constructor(ports: Omit<SeekPorts, 'addresses'>, addresses: () => readonly string[]) {
    this.#ports = ports
    this.#addresses = addresses
  }

  start(): void {
    // Many that were started together must not seek together.
    const delay = LOOK_EVERY_MS * (0.5 + Math.random())
    this.#timer = setTimeout(() => {
      this.#looking = this.look().finally(() => {
        if (!this.#stopping.signal.aborted) this.start()
      })
    }, delay)
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stopping.abort()
    await this.#looking
  }

  /** Seeks those whose turn it is. Never rejects. */
  async look(): Promise<void> {
    const { store, now } = this.#ports
    try {
      const seenBefore = now() - SEEK_AGAIN_MS
      const due = store.read(({ tallySyncs }) => tallySyncs.duePartners(seenBefore, MAX_DUE))
      for (const peerId of due) {
        if (this.#stopping.signal.aborted) return
        if ((this.#pauses.get(peerId)?.until ?? 0) <= now()) await this.#seek(peerId)
      }
    } catch {
      // The store could not be read or written: its own watch tells that. The next look is the next try.
    }
  }

  async #seek(peerId: string): Promise<void> {
    const { store, now } = this.#ports
    const shared = store
      .read(({ tallies }) => tallies.ofPartner(peerId, MAX_SHARED_TALLIES))
      .filter(isShared)
    const ports = { ...this.#ports, addresses: this.#addresses() }
    await seekOnce(ports, peerId, shared, this.#stopping.signal)
    const isTogether = shared.every(({ tallyId }) => {
      return syncStateOf(store.read(({ tallySyncs }) => tallySyncs.find(tallyId))) === 'in_sync'
    })
    if (isTogether) {
      this.#pauses.delete(peerId)
      return
    }
    const ms = Math.min(2 * (this.#pauses.get(peerId)?.ms ?? FIRST_PAUSE_MS / 2), LONGEST_PAUSE_MS)
    this.#pauses.set(peerId, { ms, until: now() + ms * (0.75 + Math.random() / 2) })
  }
}
