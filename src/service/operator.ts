import { userInfo } from 'node:os'
import type { AuditDraft } from '../audit/record.ts'
import type { JsonValue } from '../protocol/json-value.ts'

/** Whose hands were on the keyboard, as the operating system knows them. */
export interface Operator {
  readonly user: string
  /** -1 where there are no user numbers. */
  readonly uid: number
}

/** The record of a command that changes something: who gave it, and what it was about. */
export function operatorRecord(
  command: string,
  about: Pick<AuditDraft, 'tokenId'>,
  data: Readonly<Record<string, JsonValue>> = {},
  { user, uid }: Operator = currentOperator(),
): AuditDraft {
  return {
    type: 'operator',
    severity: 'notice',
    at: Date.now(),
    monotonic: performance.now(),
    ...about,
    data: { command, user, uid, ...data },
  }
}

/** A container may run as a user that has no name. */
export function currentOperator(): Operator {
  const uid = process.getuid?.() ?? -1
  try {
    return { user: userInfo().username, uid }
  } catch {
    return { user: '', uid }
  }
}
