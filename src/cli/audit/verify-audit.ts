import { type TrailVerdict, verifyTrail } from '../../service/trail/verify-trail.ts'
import { openContext } from '../context.ts'
import { Failure } from '../failure.ts'
import type { Locations } from '../locations.ts'

/** The trail does not fit together. With `--json` the verdict stands beside the error. */
export class AuditBroken extends Failure {
  readonly verdict: TrailVerdict

  constructor(verdict: TrailVerdict) {
    const { firstBad, records } = verdict
    const where = `record ${firstBad?.seq ?? records + 1} is ${problemText(firstBad?.problem)}`
    super('audit_broken', {
      detail: `the audit trail does not verify: ${where}; ${records} before it fit together`,
    })
    this.verdict = verdict
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  missing: 'missing',
  repeated: 'not the one that follows, but an earlier one',
  unreadable: 'not readable',
  renumbered: 'not the one that its number says',
  hash_mismatch: 'not as it was written',
}

/** @throws AuditBroken, StoreError, StoreDamagedError */
export async function verifyAudit(locations: Locations): Promise<TrailVerdict> {
  const context = openContext(locations)
  try {
    const verdict = verifyTrail(await context.store())
    if (!verdict.ok) throw new AuditBroken(verdict)
    return verdict
  } finally {
    context.close()
  }
}

export function verdictText({ records, head }: TrailVerdict): string {
  return [
    `${records} records fit together, from the first to the last.`,
    `Head: ${head.seq} ${head.hash}`,
    'No outside checkpoint was given: that the end was not cut off, or all of it rewritten, is unproven.',
  ].join('\n')
}

function problemText(problem: string | undefined): string {
  return PROBLEMS[problem ?? ''] ?? 'wrong'
}
