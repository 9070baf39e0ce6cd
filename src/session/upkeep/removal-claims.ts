import { compact } from '../../protocol/base/compact.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { Lease } from '../ports/attempt.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import { answerTo, type Work, type WorkOutcome } from '../ports/work.ts'

/**
 * The time that a claim stands longer than its hook may take, ms, where it can't be known whether its process lives: the
 * disk may be slow before and after. Only a build of the same database has to wait for it.
 */
const CLAIM_MARGIN_MS = 20_000

export interface RemovalClaimPorts {
  readonly clock: Clock
  readonly config: Pick<SessionConfig, 'provisionTimeoutMs'>
  readonly ids: Pick<Ids, 'session'>
  /** Names this process in the leases it takes; empty if nobody could find out whether it is alive. */
  readonly processId: string
  /** True only if it is certain that the process of that name has ended; undefined, as without it, if nobody knows. */
  readonly isGone: ((process: string) => boolean | undefined) | undefined
}

/** Returns a claim to store before databases are removed, with an owner's name that was never used before. */
export function newClaim({ clock, config, ids, processId }: RemovalClaimPorts): Lease {
  const until = Math.ceil(clock.now() + config.provisionTimeoutMs + CLAIM_MARGIN_MS)
  return { owner: `${processId}/${ids.session()}`, until }
}

/**
 * True if the claim's owner may be removing the database. A process of which `isGone` can tell is, for as long as it
 * lives, even if it stands still or its clock was wrong; for others, also those of other nodes, and for this process's own old
 * claims, the time decides.
 */
function isAtIt({ clock, processId, isGone }: RemovalClaimPorts, { owner, until }: Lease): boolean {
  const [process = ''] = owner.split('/', 1)
  if (process === '' || process === processId || isGone === undefined) return until > clock.now()
  try {
    const is = isGone(process)
    return is === undefined ? until > clock.now() : !is
  } catch {
    // It may live.
    return true
  }
}

export function isClaimed(ports: RemovalClaimPorts, claim: Lease | undefined): claim is Lease {
  return claim !== undefined && isAtIt(ports, claim)
}

/** A session that may write. */
interface Writer {
  readonly ports: RemovalClaimPorts
  submit(work: Work, then: (outcome: WorkOutcome) => void): void
}

/**
 * Cancels a removal, because the database is going to be built again.
 * @param then hears whether it may be built: not while a process is removing it
 */
export function withdrawRemoval(
  writer: Writer,
  tallyId: string,
  then: (isFree: boolean) => void,
  voidClaim?: Lease,
): void {
  const work = [compact({ op: 'withdrawRemoval', tallyId, voidClaim })] as const
  writer.submit(work, (outcome) => {
    if (outcome.kind === 'lost') return
    const { claim } = answerTo('withdrawRemoval', work, outcome)
    if (claim === undefined) then(true)
    else if (isClaimed(writer.ports, claim)) then(false)
    // Its process is gone.
    else withdrawRemoval(writer, tallyId, then, claim)
  })
}
