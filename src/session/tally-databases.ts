import type { SessionHooks } from '../hooks/session-hooks.ts'
import { type AsidePorts, callAside } from './call-aside.ts'
import type { RemovalOrder } from './ports/store.ts'
import type { StepScope } from './step-scope.ts'

export interface RemovalPorts extends AsidePorts {
  readonly hooks: SessionHooks
}

/**
 * Which databases are being built and removed in this process. A tally's id is the same in every attempt at it,
 * so that what one session takes back late may be what the next one is building.
 */
export class TallyDatabases {
  readonly #builders = new Map<string, StepScope>()
  readonly #removals = new Map<string, Promise<unknown>>()

  /** Build once nothing of that name is being removed; not at all if the step is over by then. */
  build(tallyId: string, scope: StepScope, begin: () => void): void {
    this.#builders.set(tallyId, scope)
    scope.signal.addEventListener('abort', () => {
      if (this.#builders.get(tallyId) === scope) this.#builders.delete(tallyId)
    })
    const removal = this.#removals.get(tallyId)
    if (removal === undefined) begin()
    else void removal.then(() => scope.over || begin())
  }

  isBuilding(tallyId: string): boolean {
    return this.#builders.has(tallyId)
  }

  isRemoving(tallyId: string): boolean {
    return this.#removals.has(tallyId)
  }

  /** Resolves when it is over, with what went wrong if something did. Without such a hook nothing is done. */
  remove(ports: RemovalPorts, order: RemovalOrder): Promise<unknown> {
    const { tallyId, reason: _, ...who } = order
    const hook = ports.hooks.database
    if (hook.deprovision === undefined) return Promise.resolve()
    const deprovision = hook.deprovision.bind(hook)
    const deadline = ports.clock.now() + ports.config.provisionTimeoutMs
    const over = callAside(ports, 'database.deprovision', (signal) =>
      deprovision(tallyId, { ...who, signal, deadline }),
    ).then((problem) => {
      if (this.#removals.get(tallyId) === over) this.#removals.delete(tallyId)
      return problem
    })
    this.#removals.set(tallyId, over)
    return over
  }
}
