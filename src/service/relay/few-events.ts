import type { ControlBudget } from '../../network/guard/control-budget.ts'
import type { RelayEvent } from '../../network/relay-server/relay-event.ts'
import type { RelayFact } from './relay-news.ts'

type Paired = Exclude<RelayEvent, { readonly type: 'refused' }>

/** Leaves out what begins too often, and its end with it, and counts what was left out. */
export class FewEvents {
  readonly #budget: ControlBudget
  /** Those whose beginning was told: as many at most as there are places and circuits. */
  readonly #begun = new Set<string | number>()
  #missed = 0

  constructor(budget: ControlBudget) {
    this.#budget = budget
  }

  /** The facts to be told now: what was missed before, and the event itself, unless it is one too many. */
  told(event: Paired): readonly RelayFact[] {
    if (!this.#isTold(event)) {
      this.#missed += 1
      return []
    }
    const count = this.#missed
    this.#missed = 0
    return count === 0 ? [event] : [{ type: 'missed', count }, event]
  }

  #isTold(event: Paired): boolean {
    switch (event.type) {
      case 'reserved':
      case 'joined':
        return this.#begins(keyOf(event))
      case 'released':
      case 'parted':
        return this.#begun.delete(keyOf(event))
      default:
        return event satisfies never
    }
  }

  #begins(key: string | number): boolean {
    try {
      this.#budget.spend()
    } catch {
      return false
    }
    this.#begun.add(key)
    return true
  }
}

function keyOf(event: Paired): string | number {
  return 'circuit' in event ? event.circuit : event.peer
}
