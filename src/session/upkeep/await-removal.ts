import type { StepScope } from '../host/step-scope.ts'
import type { Clock, Timer } from '../ports/clock.ts'

/** The interval of looking whether another process has removed a database, ms: a person waits for the build after it. */
const LOOK_MS = 100

/** Calls `goOn` once nobody is removing the database that is to be built; not at all if the step is over by then. */
export function awaitRemoval(
  clock: Clock,
  scope: StepScope,
  ask: (then: (isFree: boolean) => void) => void,
  goOn: () => void,
): void {
  let timer: Timer | undefined
  scope.signal.addEventListener('abort', () => timer?.clear())
  const look = (): void =>
    ask((isFree) => {
      if (scope.over) return
      if (isFree) goOn()
      else timer = clock.after(LOOK_MS, look)
    })
  look()
}
