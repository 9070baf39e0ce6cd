import type { StepScope } from '../host/step-scope.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { StoreTransaction } from '../ports/store.ts'

/** The interval of looking whether another process has removed a database, ms: a person waits for the build after it. */
const LOOK_MS = 100

interface Asker {
  readonly ports: { readonly clock: Clock }
  consult<Result>(
    work: (transaction: StoreTransaction) => Result,
    then: (value: Result) => void,
  ): void
}

/** Calls `goOn` once nobody is removing the database that is to be built; not at all if the step is over by then. */
export function awaitRemoval(
  asker: Asker,
  scope: StepScope,
  isFree: (transaction: StoreTransaction) => boolean,
  goOn: () => void,
): void {
  let timer: Timer | undefined
  scope.signal.addEventListener('abort', () => timer?.clear())
  const look = (): void =>
    asker.consult(isFree, (free) => {
      if (free) goOn()
      else timer = asker.ports.clock.after(LOOK_MS, look)
    })
  look()
}
