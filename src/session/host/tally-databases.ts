import type { SessionHooks } from '../../hooks/session-hooks.ts'
import type { RemovalOrder } from '../ports/store.ts'
import { type BackgroundHookPorts, callHookInBackground } from './call-hook-in-background.ts'
import type { StepScope } from './step-scope.ts'

export interface RemovalPorts extends BackgroundHookPorts {
  readonly hooks: Pick<SessionHooks, 'database'>
}

/**
 * Which databases are being built and removed in this process. A tally's id is the same in every attempt at it,
 * so that what one session takes back late may be what the next one is building.
 */
export class TallyDatabases {
  readonly #builders = new Map<string, StepScope>()
  readonly #removals = new Map<string, Promise<unknown>>()
  /** Hooks that were asked to build and have not answered, whether or not somebody still waits for them. */
  readonly #calls = new Map<string, number>()

  /**
   * Build once nothing of that name is being removed; not at all if the step is over by then.
   * @param begin must call `over` when the hook is done
   * @param elsewhere goes on once no other process is removing it
   */
  build(
    tallyId: string,
    scope: StepScope,
    begin: (over: () => void) => void,
    elsewhere: (goOn: () => void) => void,
  ): void {
    this.#builders.set(tallyId, scope)
    scope.signal.addEventListener('abort', () => {
      if (this.#builders.get(tallyId) === scope) this.#builders.delete(tallyId)
    })
    const removal = this.#removals.get(tallyId)
    const call = (): void => {
      this.#calls.set(tallyId, (this.#calls.get(tallyId) ?? 0) + 1)
      begin(() => this.#answered(tallyId))
    }
    if (removal === undefined) elsewhere(call)
    else void removal.then(() => scope.over || elsewhere(call))
  }

  /** A build was begun that has not come to an end, even if nobody waits for it any more. */
  isCalled(tallyId: string): boolean {
    return this.#calls.has(tallyId)
  }

  isBuilding(tallyId: string): boolean {
    return this.#builders.has(tallyId)
  }

  isRemoving(tallyId: string): boolean {
    return this.#removals.has(tallyId)
  }

  /** Resolves when it is over, with what went wrong in words if something did. Without such a hook nothing is done. */
  remove(ports: RemovalPorts, order: RemovalOrder): Promise<string | undefined> {
    const { tallyId, reason: _, ...who } = order
    const hook = ports.hooks.database
    if (hook.deprovision === undefined) return Promise.resolve(undefined)
    const deprovision = hook.deprovision.bind(hook)
    const deadline = ports.clock.now() + ports.config.provisionTimeoutMs
    const over = callHookInBackground(ports, 'database.deprovision', (signal) =>
      deprovision(tallyId, { ...who, signal, deadline }),
    ).then((problem) => {
      if (this.#removals.get(tallyId) === over) this.#removals.delete(tallyId)
      return problem
    })
    this.#removals.set(tallyId, over)
    return over
  }

  #answered(tallyId: string): void {
    const left = (this.#calls.get(tallyId) ?? 1) - 1
    if (left === 0) this.#calls.delete(tallyId)
    else this.#calls.set(tallyId, left)
  }
}
