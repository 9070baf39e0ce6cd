import type { SessionConfig } from '../config/session-config.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { Lease, StoreTransaction } from '../ports/store.ts'

/**
 * How much longer than its hook may take a claim stands, ms, where nobody can know whether its process lives: the
 * disk may be slow before and after. Only who builds the same database again has to wait for it.
 */
const CLAIM_MARGIN_MS = 20_000

export interface RemovalClaimPorts {
  readonly clock: Clock
  readonly config: Pick<SessionConfig, 'provisionTimeoutMs'>
  readonly ids: Pick<Ids, 'session'>
  /** Names this process in the leases it takes; empty if nobody could find out whether it is alive. */
  readonly processId: string
  /** True only if it is certain that the process of that name has ended. Undefined if nobody can know. */
  readonly isGone: ((process: string) => boolean) | undefined
}

/** What is written before databases are removed: by whom, under a name that nobody had before. */
export function newClaim({ clock, config, ids, processId }: RemovalClaimPorts): Lease {
  const until = Math.ceil(clock.now() + config.provisionTimeoutMs + CLAIM_MARGIN_MS)
  return { owner: `${processId}/${ids.session()}`, until }
}

/**
 * Whoever claimed a removal may be at it. A process that can be asked about is at it for as long as it lives, even if
 * it stands still or its clock was wrong; of others, and of what this process did not bring to an end, the time decides.
 */
function isAtIt({ clock, processId, isGone }: RemovalClaimPorts, { owner, until }: Lease): boolean {
  const [process = ''] = owner.split('/', 1)
  if (process === '' || process === processId || isGone === undefined) return until > clock.now()
  try {
    return !isGone(process)
  } catch {
    // It could not be found out.
    return true
  }
}

export function isClaimed(ports: RemovalClaimPorts, claim: Lease | undefined): claim is Lease {
  return claim !== undefined && isAtIt(ports, claim)
}

/** Nobody is removing it at the moment. */
export function isFree(
  ports: RemovalClaimPorts,
  transaction: StoreTransaction,
  tallyId: string,
): boolean {
  return !isClaimed(ports, transaction.findRemoval(tallyId)?.claim)
}

/** It is going to be built again, so that it need not go any more. False if somebody is removing it already. */
export function withdrawRemoval(
  ports: RemovalClaimPorts,
  transaction: StoreTransaction,
  tallyId: string,
): boolean {
  const owed = transaction.findRemoval(tallyId)
  if (isClaimed(ports, owed?.claim)) return false
  if (owed !== undefined) transaction.settleRemoval(tallyId)
  return true
}
