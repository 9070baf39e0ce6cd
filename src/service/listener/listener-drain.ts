import { setTimeout as sleep } from 'node:timers/promises'
import { compact } from '../../protocol/base/compact.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { ControlRequestOf, DrainBegun } from '../control/control-protocol.ts'
import { noteCommand } from '../record/note-command.ts'
import type { ListenerStatus } from '../status/listener-status.ts'

/** How long the record of a wish to drain may take, ms: less than the one who asks waits for an answer. */
const RECORD_MS = 1_000

/** The operator, as a command's request names them. */
type WireOperator = NonNullable<ControlRequestOf<'drain'>['operator']>

export interface ListenerDrainInit {
  readonly store: Pick<SessionStore, 'submit'>
  manager(): SessionCore
  /** @returns ms that sessions will have; undefined if nobody can be asked */
  onDrain(ms: number | undefined): number | undefined
}

/** Whether a listener drains, for how long still, and who asked for it. */
export class ListenerDrain {
  readonly #init: ListenerDrainInit
  /** Monotonic ms, once it drains. */
  #end: number | undefined

  constructor(init: ListenerDrainInit) {
    this.#init = init
  }

  /** Sessions have that long to finish, ms. */
  begin(ms: number): void {
    this.#end = performance.now() + ms
  }

  get status(): Pick<ListenerStatus, 'draining' | 'drainMs'> {
    if (this.#end === undefined) return { draining: false }
    return { draining: true, drainMs: Math.round(Math.max(0, this.#end - performance.now())) }
  }

  /**
   * Records that somebody wants the listener to drain, then tells the program that runs it.
   * @param wanted ms that sessions are to have; the settings' by default
   * @throws TypeError if it is part of a program that stops it itself
   */
  async asked(wanted: number | undefined, operator?: WireOperator): Promise<DrainBegun> {
    if (operator !== undefined) await this.#record(operator)
    const active = this.#init.manager().getActiveSessionCounts().total
    const ms = this.status.drainMs ?? this.#init.onDrain(wanted)
    if (ms === undefined) throw new TypeError('it is part of a program that stops it itself')
    return { pid: process.pid, active, ms }
  }

  /** A store that takes nothing any more, or not in time, is one reason to drain: then it goes unrecorded. */
  async #record({ reason, user, uid }: WireOperator): Promise<void> {
    const who = compact({ user, uid, reason })
    const { store, manager } = this.#init
    try {
      const written = noteCommand(store, 'drain', {}, {}, who)
      await Promise.race([written, sleep(RECORD_MS, undefined, { ref: false })])
    } catch (error) {
      manager().emit('storeFailed', error)
    }
  }
}
