import type { HookContext, SessionHooks } from '../hooks/session-hooks.ts'
import { type AsidePorts, callAside } from './call-aside.ts'
import type { SessionStore } from './ports/store.ts'
import { readStore } from './read-store.ts'
import type { StepScope } from './step-scope.ts'

/** Of whom a removal is made. */
export type Removal = Omit<HookContext, 'signal' | 'deadline'>

export interface RemovalPorts extends AsidePorts {
  readonly hooks: SessionHooks
  readonly store: SessionStore
}

/**
 * Which databases are being built and removed in this process. A tally's id is the same in every attempt at it,
 * so that what one session takes back late may be what the next one is building.
 */
export class TallyDatabases {
  readonly #builders = new Map<string, StepScope>()
  readonly #removals = new Map<string, Promise<void>>()

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

  /** Take back what was built for nobody. Idempotent; leaves what somebody keeps or is building. */
  removeUnlessWanted(ports: RemovalPorts, tallyId: string, removal: Removal): void {
    if (this.#builders.has(tallyId)) return
    if (readStore(ports.store, (transaction) => transaction.findTally(tallyId)) !== undefined)
      return
    void this.remove(ports, tallyId, removal)
  }

  /** Resolves when it is gone or could not be removed. */
  remove(ports: RemovalPorts, tallyId: string, removal: Removal): Promise<void> {
    const hook = ports.hooks.database
    if (hook.deprovision === undefined) return Promise.resolve()
    const deprovision = hook.deprovision.bind(hook)
    const deadline = ports.clock.now() + ports.config.provisionTimeoutMs
    const over = callAside(ports, 'database.deprovision', (signal) =>
      deprovision(tallyId, { ...removal, signal, deadline }),
    ).then(() => {
      if (this.#removals.get(tallyId) === over) this.#removals.delete(tallyId)
    })
    this.#removals.set(tallyId, over)
    return over
  }
}
