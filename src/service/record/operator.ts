import { userInfo } from 'node:os'
import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'

/** The user who gives a command, as the operating system knows them. */
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
  about: Pick<AuditDraft, 'tokenId' | 'peerId'>,
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

/** Finds the user who runs this process, with the reason that they give. */
export function currentOperator(reason?: string): Operator {
  const uid = process.getuid?.() ?? -1
  const why = reason?.slice(0, MAX_OPERATOR_REASON).toWellFormed()
  return compact({ user: userName(), uid, reason: why })
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
