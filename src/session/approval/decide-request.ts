import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Decision } from '../ports/uses/pending-request.ts'
import { answerTo } from '../ports/work.ts'

/** The inviter's word about one request. */
export type Verdict =
  | { readonly says: 'yes' }
  /** @param reason told to the peer */
  | { readonly says: 'no'; readonly reason?: string }

export interface DecidePorts {
  readonly store: Pick<SessionStore, 'submit'>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly config: Pick<SessionConfig, 'pendingForMs'>
  /** The peer id of this node. */
  readonly inviter: string
  /** Ids of the sessions that are under way in this process. */
  readonly running: ReadonlySet<string>
}

/** The request, by the id of the session which asked; the word; and the record of who gave the command, which is appended if it changes something. */
export type Said = readonly [id: string, verdict: Verdict, record: AuditDraft]

/**
 * Says yes or no to a request, for good.
 * @returns what came of it, once that is on the disk
 * @throws StoreError
 */
export async function decideRequest(
  { store, clock, config, inviter, running }: DecidePorts,
  ...[id, verdict, record]: Said
): Promise<Decision> {
  const [now, monotonic] = [clock.now(), clock.monotonic()]
  const write =
    verdict.says === 'yes'
      ? ({ op: 'approveRequest', id, inviter, heldUntil: now + config.pendingForMs } as const)
      : compact({ op: 'denyRequest', id, reason: verdict.reason, running } as const)
  const work = [{ ...write, now, monotonic, record }] as const
  const { outcome, durable } = store.submit(work)
  const [known] = await Promise.all([outcome, durable])
  if (known.kind === 'lost') throw new TypeError(`a decision was lost: ${known.why}`)
  return answerTo(write.op, work, known)
}
