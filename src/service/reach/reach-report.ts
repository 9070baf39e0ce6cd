import { z } from 'zod/mini'
import { compact } from '../../protocol/base/compact.ts'
import { OwnAddressesUnreachableError } from '../errors.ts'

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
})

export type ReachProof = z.infer<typeof reachProof>

/** Of the addresses that its links name, the best first. */
export const reachReport = z.readonly(z.array(reachProof))

export type ReachReport = z.infer<typeof reachReport>

/**
 * The proof that says most of how far a listener can be reached: through a relay, or why not so, before what this computer
 * has found out about itself.
 */
export function bestProof(report: ReachReport): ReachProof | undefined {
  const met = report.filter(isMet)
  return met.find(isFromOutside) ?? report.find(isFromOutside) ?? met[0] ?? report[0]
}

/** True if it was met there the last time. */
function isMet({ problem }: ReachProof): boolean {
  return problem === undefined
}

/** A listener that has relays is for those who come by them. False also before anything was tried. */
export function isReached(report: ReachReport): boolean {
  const best = bestProof(report)
  return best !== undefined && isMet(best)
}

function isFromOutside({ by }: ReachProof): boolean {
  return by !== 'self'
}

/** The error for a listener that was met nowhere. */
export function unreachableBy(report: ReachReport): OwnAddressesUnreachableError {
  return new OwnAddressesUnreachableError(
    report.map(({ address, problem }) => compact({ address, problem })),
  )
}
