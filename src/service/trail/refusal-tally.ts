import type { JsonValue } from '../../protocol/json/json-value.ts'

/** So many peers are told apart for one reason; more of them count as that many. */
const MAX_PEERS = 1_000

interface Refusals {
  count: number
  readonly peers: Set<string>
  readonly first: number
  last: number
}

/**
 * Attempts that were refused before anybody was recognised, by reason. However many there are, one record holds
 * what is left of them. There are as many reasons as refusal codes: a few.
 */
export class RefusalTally {
  #reasons = new Map<string, Refusals>()
  #taken = new Map<string, Refusals>()

  /** @param at wall clock, ms since the epoch */
  add(reason: string, peerId: string, at: number): void {
    const known = this.#reasons.get(reason)
    const refusals = known ?? { count: 0, peers: new Set(), first: at, last: at }
    if (known === undefined) this.#reasons.set(reason, refusals)
    refusals.count += 1
    refusals.last = at
    if (refusals.peers.size < MAX_PEERS) refusals.peers.add(peerId)
  }

  /** Takes the refusals since the last time, for a record, if there were any. Times in ms since the epoch. */
  take(): Readonly<Record<string, JsonValue>> | undefined {
    if (this.#reasons.size === 0) return undefined
    this.#taken = this.#reasons
    this.#reasons = new Map()
    const reasons = [...this.#taken].map(([reason, { count, peers, first, last }]) => {
      return [reason, { count, peers: peers.size, first, last }] as const
    })
    return { event: 'refused', reasons: Object.fromEntries(reasons) }
  }

  /** Puts back what was taken last, as it was not recorded: it counts with what has come since. */
  takeBack(): void {
    const [before, since] = [this.#taken, this.#reasons]
    this.#taken = new Map()
    for (const [reason, { count, peers, last }] of since) {
      const earlier = before.get(reason)
      if (earlier === undefined) continue
      earlier.count += count
      earlier.last = last
      for (const peer of peers) if (earlier.peers.size < MAX_PEERS) earlier.peers.add(peer)
    }
    this.#reasons = new Map([...since, ...before])
  }
}
