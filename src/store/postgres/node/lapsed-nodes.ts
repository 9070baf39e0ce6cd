import type { LeasedNode } from './nodes.ts'

/**
 * How long a node is seen without a lease before it counts as gone, ms: it may be about to renew it. With the time between two
 * looks it must be less than the two seconds within which its sessions are to be taken over.
 */
const SURE_MS = 1_000

/** Between two looks that are further apart the server may have been away, ms, or such a part of a lease. */
const MAX_APART_MS = 1_000
const MAX_APART = 1 / 2

interface Seen {
  readonly epoch: number
  readonly since: number
}

/**
 * Tells which nodes are gone: those seen without a lease throughout. When the server was away nobody could renew, so whoever
 * was cut off from it waits for as long as a lease before it judges others.
 */
export class LapsedNodes {
  readonly #leaseMs: number
  readonly #seen = new Map<number, Seen>()
  /** Monotonic ms. */
  #lookedAt: number | undefined
  #wasLate = false
  #notBefore = 0

  /** @param leaseMs of this node: others have about the same */
  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs
  }

  /** @param now monotonic ms @returns those that are gone */
  look(nodes: readonly LeasedNode[], now: number): readonly LeasedNode[] {
    this.#waitIfLate(now)
    const lapsed = nodes.filter(({ isLapsed }) => isLapsed)
    for (const node of this.#seen.keys()) {
      if (!lapsed.some((each) => each.node === node)) this.#seen.delete(node)
    }
    return lapsed.filter(({ node, epoch }) => {
      const seen = this.#seen.get(node)
      if (seen?.epoch !== epoch) this.#seen.set(node, { epoch, since: now })
      const since = seen?.epoch === epoch ? seen.since : now
      return now - since >= SURE_MS && now >= this.#notBefore
    })
  }

  /** Waits once where looks are late: a server that is only slow is no reason to wait for ever. */
  #waitIfLate(now: number): void {
    const apart = now - (this.#lookedAt ?? now)
    const isLate = apart > Math.max(MAX_APART_MS, this.#leaseMs * MAX_APART)
    if (isLate && !this.#wasLate) this.#notBefore = now + this.#leaseMs
    this.#wasLate = isLate
    this.#lookedAt = now
  }
}
