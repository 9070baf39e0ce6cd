import type { CircuitBreaker, NotNow, Permit } from '../host/circuit-breaker.ts'
import type { Grant, ListenerState } from '../machine/listener-state.ts'

/**
 * The right of one session to have a database built. It belongs to the circuit breaker, not to the session's state: no
 * answer of the machine depends on it. The first verdict counts.
 */
export class BuildPermit {
  readonly #breaker: Pick<CircuitBreaker, 'ask' | 'peek'>
  #permit: Permit | undefined

  constructor(breaker: Pick<CircuitBreaker, 'ask' | 'peek'>) {
    this.#breaker = breaker
  }

  /**
   * Asks before a use is reserved: what can't be built must hold no use.
   * @returns when to ask again; undefined if it may be built, or if it is not this side that builds
   */
  ask({ role }: Grant): NotNow | undefined {
    if (role !== 'stock') return undefined
    const answer = this.#breaker.ask()
    if ('retryAfterMs' in answer) return answer
    this.#permit = answer
    return undefined
  }

  /** As `ask`, for a peer that only looks. */
  peek({ role }: Grant): NotNow | undefined {
    return role === 'stock' ? this.#breaker.peek() : undefined
  }

  succeeded(): void {
    this.#permit?.succeeded()
  }

  failed(): void {
    this.#permit?.failed()
  }

  unused(): void {
    this.#permit?.unused()
  }

  /** The session is over in this state. If nobody has said how the building went, it either hung or was not begun. */
  settle(state: ListenerState): void {
    if (state.name === 'TIMEOUT' && state.failure.step === 'PROVISIONING_DB') this.failed()
    else this.unused()
  }
}
