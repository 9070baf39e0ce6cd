import type { AuditDraft } from '../../audit/record/record.ts'
import type { SessionStore } from './store.ts'
import { answerTo, type Work } from './work.ts'
import type { AnswerTo, Write } from './write.ts'

type Submitting = Pick<SessionStore, 'submit'>

/**
 * Writes by itself, and waits until that is durable.
 * @throws StoreError
 */
export async function answered<Op extends keyof AnswerTo>(
  store: Submitting,
  op: Op,
  write: Extract<Write, { readonly op: Op }>,
): Promise<AnswerTo[Op]> {
  const work: Work = [write]
  const { outcome, durable } = store.submit(work)
  const known = await outcome
  await durable
  // None of the writes that are made alone is ever lost.
  if (known.kind === 'lost') throw new TypeError(`${op} was lost: ${known.why}`)
  return answerTo(op, work, known)
}

/** Writes, and waits until that is durable. @throws StoreError */
export async function written(store: Submitting, work: Work): Promise<void> {
  const { outcome, durable } = store.submit(work)
  await Promise.all([outcome, durable])
}

/** Appends a record to the audit, and waits until that is durable. @throws StoreError */
export function recorded(store: Submitting, draft: AuditDraft): Promise<void> {
  return written(store, [{ op: 'appendAudit', draft }])
}
