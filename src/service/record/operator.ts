import { userInfo } from 'node:os'
import type { AuditDraft } from '../../audit/record/record.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'

/** Whose hands were on the keyboard, as the operating system knows them. */
export interface Operator {
  readonly user: string
  /** -1 where there are no user numbers. */
  readonly uid: number
  /** Why, in the operator's own words. */
  readonly reason?: string
}

/** Characters of a reason, a sentence or two. What is longer is cut: it stays in the audit for ever. */
export const MAX_OPERATOR_REASON = 500

/** The record of a command that changes something: who gave it, and what it was about. */
export function operatorRecord(
  command: string,
  about: Pick<AuditDraft, 'tokenId'>,
  data: Readonly<Record<string, JsonValue>> = {},
  operator: Operator = currentOperator(),
): AuditDraft {
  return {
    type: 'operator',
    severity: 'notice',
    at: Date.now(),
    monotonic: performance.now(),
    ...about,
    data: { command, ...operator, ...data },
  }
}

/** Who runs this process, and why as they say it. */
export function currentOperator(reason?: string): Operator {
  const uid = process.getuid?.() ?? -1
  const why =
    reason === undefined ? {} : { reason: reason.slice(0, MAX_OPERATOR_REASON).toWellFormed() }
  return { user: userName(), uid, ...why }
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
