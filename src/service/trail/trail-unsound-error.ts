import type { TrailVerdict } from './verify-trail.ts'

/** The trail does not verify: it is left as it is. */
export class TrailUnsoundError extends Error {
  override readonly name = 'TrailUnsoundError'
  readonly code = 'trail_unsound'
  readonly verdict: TrailVerdict

  constructor(verdict: TrailVerdict) {
    super('the audit trail does not verify, and nothing of it was removed: see `audit verify`')
    this.verdict = verdict
  }
}
