import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Reapable } from '../ports/reap.ts'
import type { OpenSession, Side } from '../ports/session-summary.ts'
import { written } from '../ports/written.ts'
import { closeCrashed } from '../recovery/recover-sessions.ts'
import { settleAllRemovals } from '../upkeep/database-removals.ts'
import type { PolicyRun } from './policy-run.ts'

/** Sessions looked at: more than any crash leaves. */
const MAX_SESSIONS = 10_000

/** The least age of things whose age is not known. */
const ANY_AGE = Number.NEGATIVE_INFINITY

/**
 * Frees what nobody works on any more: leases that ran out or whose process is gone, the sessions of such processes,
 * documents without a tally, and databases whose removal has failed so far. An attempt that was begun stays: running the
 * link again goes on with it.
 * @throws StoreError
 */
export async function reapOrphaned(
  run: PolicyRun,
  isLive: (sessionId: string) => boolean,
): Promise<void> {
  const isGone = remembered(run.options.isGone ?? run.ports.isGone ?? (() => false))
  await leases(run, isGone)
  for (const side of ['listener', 'dialer'] as const) await sessions(run, side, isLive, isGone)
  await documents(run)
  await run.harvest({
    kind: 'database',
    olderThanMs: run.options.olderThanMs ?? ANY_AGE,
    list: ({ reaping }, after, limit) => reaping.owedRemovals(after, limit),
    take: ({ id: tallyId }, now) => [{ op: 'hastenRemoval', tallyId, now }],
  })
  if (!run.options.dryRun) await settleAllRemovals(run.ports)
}

/** Remembers the answers: each costs a lock on a file. */
function remembered(
  isGone: (process: string) => boolean | undefined,
): (process: string) => boolean {
  const known = new Map<string, boolean>()
  return (process) => {
    const answer = known.get(process) ?? (process !== '' && isGone(process) === true)
    known.set(process, answer)
    return answer
  }
}

interface OpenThing extends Reapable {
  readonly open: OpenSession
}

/** Closes sessions of dead processes: a listener's unless `isLive`, a dialer's if nobody holds a lease on its attempt. */
async function sessions(
  run: PolicyRun,
  side: Side,
  isLive: (sessionId: string) => boolean,
  isGone: (process: string) => boolean,
): Promise<void> {
  const { options } = run
  const { clock, store } = run.ports
  await run.harvest<OpenThing>({
    kind: 'session',
    olderThanMs: run.options.olderThanMs ?? ANY_AGE,
    list: async ({ attempts, sessions: sought }) => {
      const holders = side === 'dialer' ? await attempts.holders() : []
      const gone = holders.filter(isGone)
      if (!options.dryRun && gone.length > 0)
        await written(
          store,
          gone.map((holder) => ({ op: 'freeLeases', holder })),
        )
      const open = await sought.open(side, clock.now(), MAX_SESSIONS, gone)
      return { things: open.map(toThing), next: undefined }
    },
    spare: ({ id }) => (isLive(id) ? 'it is under way' : undefined),
    take: ({ open }) => closeCrashed(open, clock),
  })
}

function toThing(open: OpenSession): OpenThing {
  const { id, side, state, peerId, tokenId, tallyId, startedAt } = open.summary
  return compact({ id, side, state, peerId, tokenId, tallyId, since: startedAt, open })
}

async function leases(run: PolicyRun, isGone: (process: string) => boolean): Promise<void> {
  const { clock } = run.ports
  await run.harvest({
    kind: 'lease',
    olderThanMs: run.options.olderThanMs ?? ANY_AGE,
    list: ({ reaping }, after, limit) => reaping.leases(after, limit),
    spare: ({ owner, until }) => {
      const [process = ''] = owner.split('/', 1)
      return until > clock.now() && !isGone(process) ? 'whoever holds it may be alive' : undefined
    },
    take: ({ id: attemptId, owner, peerId }, at) => {
      const record: AuditDraft = compact({
        type: 'lifecycle',
        severity: 'notice',
        at,
        monotonic: clock.monotonic(),
        redemptionId: attemptId,
        peerId,
        data: { event: 'lease.freed' },
      })
      return [{ op: 'freeLease', attemptId, owner, record }]
    },
  })
}

async function documents(run: PolicyRun): Promise<void> {
  const { clock } = run.ports
  await run.harvest({
    kind: 'document',
    olderThanMs: ANY_AGE,
    list: ({ reaping }, after, limit) => reaping.orphanDocuments(after, limit, clock.now()),
    take: ({ id: tallyId }, at) => {
      const record: AuditDraft = {
        type: 'database',
        severity: 'notice',
        at,
        monotonic: clock.monotonic(),
        data: { event: 'removed', tallyId, reason: 'no tally' },
      }
      return [{ op: 'removeDocument', tallyId, record }]
    },
  })
}
