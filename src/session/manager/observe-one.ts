import type { EndOfRun, RunnerObserver } from '../run/runner-init.ts'

/** Told of one session's end before anybody else hears of it. */
export interface EndObserver {
  over(end: EndOfRun): void
  /** As in `RunnerObserver`. @default not told */
  certain?: RunnerObserver['certain']
}

/** The observer of one session: tells everybody's observer, and the caller of its end. */
export function observeOne(
  all: Omit<RunnerObserver, 'certain'>,
  { over, certain = () => undefined }: EndObserver,
): RunnerObserver {
  return {
    moved: (summary, path, recorded) => all.moved(summary, path, recorded),
    certain,
    ended: (summary, extent) => {
      over({ summary })
      all.ended(summary, extent)
    },
    inDoubt: () => {
      over({ inDoubt: true })
      all.inDoubt()
    },
    dropped: () => {
      over({ dropped: true })
      all.dropped()
    },
    storeFailed: (error) => {
      over({ error })
      all.storeFailed(error)
    },
  }
}
