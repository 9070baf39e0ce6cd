import {
  type SessionHistory,
  type SessionSummary,
  sessionHistory,
  type Transition,
} from '../../service/sessions/session-history.ts'
import type { Context } from '../context.ts'
import { type SessionEndDocument, sessionEnd } from '../lines/session-end.ts'
import { type AuditDocument, auditDocument } from '../text/audit-text.ts'
import { isoTime } from '../text/time-text.ts'
import { type SessionDocument, sessionDocument } from './session-document.ts'
import { type MessageShown, messagesIn } from './session-messages.ts'

/** One session with its way from state to state, and what the audit has of it. */
export interface SessionShown extends SessionDocument, SessionEndDocument {
  /** True if only the audit has it; fields that the audit does not tell are `null`. */
  readonly pruned: boolean
  readonly detail: string | null
  /** As both sides call it; `null` if the inviter never told. */
  readonly redemptionId: string | null
  /** The invitee's own id for it. */
  readonly attemptId: string | null
  readonly remoteAddress: string | null
  readonly transitions: readonly (Omit<Transition, 'at'> & { readonly at: string })[]
  /** The messages in order, without the last word; `null` unless the audit is full and it ended in good order. */
  readonly messages: readonly MessageShown[] | null
  /** The deadline that ended it. */
  readonly deadline: FiredDeadline | null
  /** Everything it had begun that was taken back. */
  readonly undone: readonly UndoneThing[]
  readonly audit: readonly AuditDocument[]
}

export interface FiredDeadline {
  readonly of: 'step' | 'session'
  /** The state it was in. */
  readonly step: string | null
  /** How long it was in that state; `null` if that is not kept. */
  readonly ms: number | null
}

export interface UndoneThing {
  readonly at: string
  /** The event in the audit: `released`, `removed`, `removal failed`, … */
  readonly what: string
  readonly tallyId: string | null
  readonly reason: string | null
}

/** Events that tell of something taken back, or of trying to. */
const UNDOING: readonly string[] = [
  'released',
  'removed',
  'removal failed',
  'left',
  'discarded',
  'withdrawn',
]

/** @throws StoreError, AuditRecordInvalidError */
export async function findShown(
  store: Awaited<ReturnType<Context['store']>>,
  session: SessionSummary,
  pruned: boolean,
): Promise<SessionShown> {
  return sessionShown(session, await sessionHistory(store, session), pruned)
}

export function sessionShown(
  session: SessionSummary,
  { redemption, transitions, audit, ...since }: SessionHistory,
  pruned: boolean,
): SessionShown {
  const records = audit.map(auditDocument)
  return {
    ...sessionDocument({ ...session, ...since }),
    ...sessionEnd(session),
    pruned,
    detail: session.detail ?? null,
    redemptionId: redemption ?? null,
    attemptId: session.side === 'dialer' ? (session.redemptionId ?? null) : null,
    remoteAddress: session.remoteAddress ?? null,
    transitions: transitions.map((each) => ({ ...each, at: isoTime(each.at) })),
    messages: messagesIn(records),
    deadline: deadlineOf(session),
    undone: records.flatMap(undoneIn),
    audit: records,
  }
}

function deadlineOf({ reason, step, steps }: SessionSummary): FiredDeadline | null {
  if (reason !== 'step_deadline' && reason !== 'session_deadline') return null
  const ms = steps?.findLast(({ state }) => state === step)?.ms
  return { of: reason === 'step_deadline' ? 'step' : 'session', step: step ?? null, ms: ms ?? null }
}

function undoneIn({ at, data }: AuditDocument): readonly UndoneThing[] {
  const { event, tallyId, reason } = data
  if (typeof event !== 'string' || !UNDOING.includes(event)) return []
  return [{ at, what: event, tallyId: textOrNull(tallyId), reason: textOrNull(reason) }]
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
