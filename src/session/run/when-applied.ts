import type { Lost } from '../ports/work.ts'
import type { WrittenMove } from './session-writer.ts'

/** The ways that a piece of work can go. */
export interface AppliedOr {
  /** It was applied, and the writer has heard. @returns true if it has to wait for the disk before anything goes on */
  applied(): boolean
  lost(lost: Lost): void
  /** The store has failed. */
  failed(error: unknown): void
}

/**
 * Calls what fits the outcome of a piece of work, then `goOn`, unless it waits.
 * @param broken hears of what any of them throws
 */
export function whenApplied(
  written: WrittenMove,
  then: AppliedOr,
  goOn: () => void,
  broken: (error: unknown) => void,
): void {
  written.outcome
    .then(
      (known) => {
        if (known.kind === 'lost') return then.lost(known)
        written.hear(known)
        return then.applied()
      },
      (error: unknown) => then.failed(error),
    )
    .then((waits) => {
      if (waits !== true) goOn()
    })
    .catch(broken)
}
