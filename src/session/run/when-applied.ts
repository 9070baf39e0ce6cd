import type { Applied, Lost, Submitted } from '../ports/work.ts'

/** The ways that a piece of work can go. */
export interface AppliedOr {
  /** @returns true if it has to wait for the disk before anything goes on */
  applied(applied: Applied): boolean
  lost(lost: Lost): void
  /** The store has failed. */
  failed(error: unknown): void
}

/**
 * Calls what fits the outcome of a piece of work, then `goOn`, unless it waits.
 * @param broken hears of what any of them throws
 */
export function whenApplied(
  { outcome }: Pick<Submitted, 'outcome'>,
  then: AppliedOr,
  goOn: () => void,
  broken: (error: unknown) => void,
): void {
  outcome
    .then(
      (known) => (known.kind === 'applied' ? then.applied(known) : then.lost(known)),
      (error: unknown) => then.failed(error),
    )
    .then((waits) => {
      if (waits !== true) goOn()
    })
    .catch(broken)
}
