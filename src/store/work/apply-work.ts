import type { AuditDraft } from '../../audit/record/record.ts'
import { FinalStateError } from '../../session/errors.ts'
import type { Work } from '../../session/ports/work.ts'
import type { Answer, Write } from '../../session/ports/write.ts'
import { recordsOf } from '../../session/ports/write-records.ts'
import type { Appliers } from './appliers.ts'
import { INVITEE_WRITES } from './invitee-writes.ts'
import { INVITER_WRITES } from './inviter-writes.ts'
import { REMOVAL_WRITES } from './removal-writes.ts'
import type { Tables } from './tables.ts'
import { TRAIL_WRITES } from './trail-writes.ts'
import { UPKEEP_WRITES } from './upkeep-writes.ts'
import { WriteRefused } from './write-refused.ts'

const APPLIERS: Appliers<Write> = {
  ...TRAIL_WRITES,
  ...REMOVAL_WRITES,
  ...INVITER_WRITES,
  ...INVITEE_WRITES,
  ...UPKEEP_WRITES,
}

/** Applies a piece of work inside the open transaction. @throws WriteRefused */
export function applyWork(
  tables: Tables,
  work: Work,
): { readonly answers: readonly Answer[]; readonly records: readonly AuditDraft[] } {
  const answers: Answer[] = []
  const records: AuditDraft[] = []
  for (const [at, write] of work.entries()) {
    const answer = applyOne(tables, write, at)
    answers.push(answer)
    for (const record of recordsOf(write, answer)) {
      tables.audit.append(record)
      records.push(record)
    }
  }
  return { answers, records }
}

function applyOne(tables: Tables, write: Write, at: number): Answer {
  // The table's type pairs each write with an applier of just that one.
  const apply = APPLIERS[write.op] as (tables: Tables, write: Write) => Answer
  try {
    return apply(tables, write)
  } catch (error) {
    throw refusalOf(error, at) ?? error
  }
}

function refusalOf(error: unknown, at: number): WriteRefused | undefined {
  if (error instanceof FinalStateError) return new WriteRefused('over', at)
  return error instanceof WriteRefused ? new WriteRefused(error.why, at) : undefined
}
