import type { JsonValue } from '../../protocol/json/json-value.ts'

/** So many peers are told apart for one reason; more of them count as that many. */
const MAX_PEERS = 1_000

interface Refusals {
  count: number
  readonly peers: Set<string>
  /** How often each step was told with it. */
  readonly steps: Map<string, number>
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

  /**
   * @param at wall clock, ms since the epoch
   * @param step where the session was, if that tells more than the reason; one of a few names
   */
  add(reason: string, peerId: string, at: number, step?: string): void {
    const known = this.#reasons.get(reason)
    const refusals = known ?? {
      count: 0,
      peers: new Set(),
      steps: new Map(),
      first: at,
      last: at,
    }
    if (known === undefined) this.#reasons.set(reason, refusals)
    refusals.count += 1
    refusals.last = at
    if (refusals.peers.size < MAX_PEERS) refusals.peers.add(peerId)
    if (step !== undefined) refusals.steps.set(step, (refusals.steps.get(step) ?? 0) + 1)
  }

  /** Takes the refusals since the last time, for a record, if there were any. Times in ms since the epoch. */
  take(): Readonly<Record<string, JsonValue>> | undefined {
    if (this.#reasons.size === 0) return undefined
    this.#taken = this.#reasons
    this.#reasons = new Map()
    const reasons = [...this.#taken].map(([reason, { count, peers, steps, first, last }]) => {
      const told: Record<string, JsonValue> = { count, peers: peers.size, first, last }
      if (steps.size > 0) told['steps'] = Object.fromEntries(steps)
      return [reason, told] as const
    })
    return { event: 'refused', reasons: Object.fromEntries(reasons) }
  }

  /** Puts back what was taken last, as it was not recorded: it counts with what has come since. */
  takeBack(): void {
    const [before, since] = [this.#taken, this.#reasons]
    this.#taken = new Map()
    for (const [reason, { count, peers, steps, last }] of since) {
      const earlier = before.get(reason)
      if (earlier === undefined) continue
      earlier.count += count
      earlier.last = last
      for (const [step, times] of steps)
        earlier.steps.set(step, (earlier.steps.get(step) ?? 0) + times)
      for (const peer of peers) if (earlier.peers.size < MAX_PEERS) earlier.peers.add(peer)
    }
    this.#reasons = new Map([...since, ...before])
  }
}
