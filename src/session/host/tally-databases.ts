import type { SessionHooks } from '../../hooks/session-hooks.ts'
import type { RemovalOrder } from '../ports/removals.ts'
import { type BackgroundHookPorts, callHookInBackground } from './call-hook-in-background.ts'
import type { StepScope } from './step-scope.ts'

export interface RemovalPorts extends BackgroundHookPorts {
  readonly hooks: Pick<SessionHooks, 'database'>
}

/**
 * The databases that are being built and removed in this process. A tally's id is the same in every attempt at it, so
 * the database that one session removes late may be the one that the next session is building.
 */
export class TallyDatabases {
  readonly #builders = new Map<string, StepScope>()
  readonly #removals = new Map<string, Promise<unknown>>()
  /** How many build hooks have not answered, by tally, whether or not a session still waits for them. */
  readonly #calls = new Map<string, number>()

  /**
   * Builds a database once nothing of that name is being removed; not at all if the step is over by then.
   * @param begin calls the hook; must call `over` when the hook is done
   * @param elsewhere calls `goOn` once no other process is removing it
   */
  build(
    tallyId: string,
    scope: StepScope,
    begin: (over: () => void) => void,
    elsewhere: (goOn: () => void) => void,
  ): void {
    this.#builders.set(tallyId, scope)
    scope.onEnd(() => {
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

  /** True while a build has not come to an end, even if no session waits for it any more. */
  isCalled(tallyId: string): boolean {
    return this.#calls.has(tallyId)
  }

  isBuilding(tallyId: string): boolean {
    return this.#builders.has(tallyId)
  }

  isRemoving(tallyId: string): boolean {
    return this.#removals.has(tallyId)
  }

  /**
   * Removes a database by the host's hook, if there is one.
   * @returns resolves when it is over, with a description of its failure if there was one
   */
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
