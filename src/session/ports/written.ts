import type { AuditDraft } from '../../audit/record/record.ts'
import type { SessionStore } from './store.ts'
import type { Work } from './work.ts'
import type { AnswerTo, Write } from './write.ts'

type Submitting = Pick<SessionStore, 'submit'>

/**
 * Makes writes of one kind, none of which is ever lost, and waits until they are durable.
 * @returns their answers, in their order
 * @throws StoreError
 */
export async function answeredAll<Op extends keyof AnswerTo>(
  store: Submitting,
  writes: readonly Extract<Write, { readonly op: Op }>[],
): Promise<readonly AnswerTo[Op][]> {
  if (writes.length === 0) return []
  const { outcome, durable } = store.submit(writes)
  const [known] = await Promise.all([outcome, durable])
  if (known.kind === 'lost') throw new TypeError(`a write was lost: ${known.why}`)
  // The engine answers each write by its place; a store that keeps the time may have put one of its own behind them.
  return (known.answers as readonly AnswerTo[Op][]).slice(0, writes.length)
}

/** Makes one such write. @throws StoreError */
export async function answered<Op extends keyof AnswerTo>(
  store: Submitting,
  op: Op,
  write: Extract<Write, { readonly op: Op }>,
): Promise<AnswerTo[Op]> {
  const [answer] = await answeredAll<Op>(store, [write])
  if (answer === undefined) throw new TypeError(`nothing was answered to ${op}`)
  return answer
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
