import { z } from 'zod/mini'
import { compact } from '../../protocol/base/compact.ts'
import { OwnAddressesUnreachableError } from '../errors.ts'

/** The result of having a relay dial an address. Times are milliseconds since the epoch. */
export const outsideProof = z.object({
  /** Multiaddr of the relay, without its id. */
  relay: z.string(),
  triedAt: z.number(),
  /** The last time that it connected; absent: never. */
  provenAt: z.optional(z.number()),
  /** Why it could not connect the last time, in words that follow its name; absent: it could, or did not try. */
  problem: z.optional(z.string()),
  /** Why it did not try, in words that follow its name; absent: it did. */
  untried: z.optional(z.string()),
})

export type OutsideProof = z.infer<typeof outsideProof>

/**
 * The result of trying one of a listener's addresses, with a key that is used for nothing else. Times are milliseconds since
 * the epoch.
 */
export const reachProof = z.object({
  /** Multiaddr without peer id. */
  address: z.string(),
  /**
   * The way there: from this computer itself, which tells nothing of the routers and firewalls before it, or through a
   * relay, which is how everybody else comes by that address.
   */
  by: z.enum(['self', 'relay']),
  triedAt: z.number(),
  /** The last time that the listener was met there; absent: never. */
  provenAt: z.optional(z.number()),
  /** Why it was not met the last time, in words; absent: it was. */
  problem: z.optional(z.string()),
  /** The router says that it passes this address on to here; this computer may not see it. */
  mapped: z.optional(z.literal(true)),
  /** The result of a try from outside, of an address that may lead here from anywhere; absent: there was none. */
  outside: z.optional(outsideProof),
})

export type ReachProof = z.infer<typeof reachProof>

/** Of the addresses that its links name, the best first. */
export const reachReport = z.readonly(z.array(reachProof))

export type ReachReport = z.infer<typeof reachReport>

/** Ranks of proofs, by how much they say of how far a listener can be reached. */
const RANK = {
  provenOutside: 0,
  metByRelay: 1,
  notMetByRelay: 2,
  notMetOutside: 3,
  metHere: 4,
  notMetHere: 5,
} as const

type Rank = (typeof RANK)[keyof typeof RANK]

const GOOD: ReadonlySet<Rank> = new Set([RANK.provenOutside, RANK.metByRelay, RANK.metHere])

/**
 * The proof that says most of how far a listener can be reached: from outside, through a relay, or why not so, before what
 * this computer has found out about itself.
 */
export function bestProof(report: ReachReport): ReachProof | undefined {
  const [first, ...rest] = report
  if (first === undefined) return undefined
  return rest.reduce((best, each) => (rankOf(each) < rankOf(best) ? each : best), first)
}

/** True if a relay has connected to it there directly, the last time that one tried. */
export function isProvenOutside({ outside }: ReachProof): boolean {
  return outside !== undefined && outside.problem === undefined && outside.untried === undefined
}

/** A listener that has relays is for those who come by them, or from outside. False also before anything was tried. */
export function isReached(report: ReachReport): boolean {
  const best = bestProof(report)
  return best !== undefined && GOOD.has(rankOf(best))
}

function rankOf(proof: ReachProof): Rank {
  const { by, problem, outside } = proof
  if (isProvenOutside(proof)) return RANK.provenOutside
  if (by === 'relay') return problem === undefined ? RANK.metByRelay : RANK.notMetByRelay
  if (outside?.problem !== undefined) return RANK.notMetOutside
  return problem === undefined ? RANK.metHere : RANK.notMetHere
}

/** The error for a listener that was met nowhere. */
export function unreachableBy(report: ReachReport): OwnAddressesUnreachableError {
  return new OwnAddressesUnreachableError(
    report.map(({ address, problem }) => compact({ address, problem })),
  )
}
