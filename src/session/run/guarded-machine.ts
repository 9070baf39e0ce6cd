import { describeThrown } from '../host/describe-thrown.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { Lost } from '../ports/work.ts'
import type { LossReason } from '../ports/write.ts'
import type { RunnerEvent, SessionMachine, StateName } from './session-machine.ts'

/** A machine whose throws become events: a fault of our own code ends its session, and nothing else. */
export class GuardedMachine<
  State extends { name: StateName },
  Event extends object,
  Change,
  Effect,
  Found extends object,
> {
  readonly #machine: SessionMachine<State, Event, Change, Effect, Found>
  #isClosed = false
  /** A transaction threw by a fault of ours: a second time it counts as a failed store. */
  #hasFaulted = false
  /** The reason for which the last piece of work was lost, if it was. */
  #lastLoss: LossReason | undefined

  constructor(machine: SessionMachine<State, Event, Change, Effect, Found>) {
    this.#machine = machine
  }

  /** Somebody else wrote this session's end: nothing of ours is recorded any more. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Makes the transition, and tells by which event: `effectFailed` if the machine throws at the given one.
   * @throws what it throws at that too
   */
  step(
    state: State,
    event: Event | RunnerEvent,
  ): { answer: MachineTransition<State, Change, Effect>; event: Event | RunnerEvent } {
    try {
      return { answer: this.#machine.step(state, event), event }
    } catch (error) {
      const instead = effectFailed(error)
      return { answer: this.#machine.step(state, instead), event: instead }
    }
  }

  /** Begins the effects. @param failed called with an event for each that threw */
  perform(
    effects: readonly Effect[],
    scope: StepScope,
    failed: (event: RunnerEvent) => void,
  ): void {
    for (const effect of effects) {
      try {
        this.#machine.perform(effect, scope)
      } catch (error) {
        failed(effectFailed(error))
      }
    }
  }

  /** The event that tells the session that it could not write; undefined if the store failed. */
  undoneBy(error: unknown): Event | RunnerEvent | undefined {
    return this.#machine.undoneBy(error) ?? this.faultOf(error)
  }

  /**
   * The event that tells the session that a piece of work of its was lost; undefined if the one before was lost for the
   * same reason. Then it can't write its end either, and would try for ever.
   */
  lostBy(lost: Lost, changes: readonly Change[]): Event | RunnerEvent | undefined {
    if (this.#lastLoss === lost.why && lost.why !== 'over') return undefined
    this.#lastLoss = lost.why
    // A process that was paused for long finds its session closed when it goes on.
    this.#isClosed ||= lost.why === 'over'
    return this.#isClosed ? { type: 'superseded' } : this.#machine.lostBy(lost, changes)
  }

  /** Hears that a piece of work was applied. */
  applied(): void {
    this.#lastLoss = undefined
  }

  /** The event that tells of a fault of our own code in writing; undefined for other errors, and the second time. */
  faultOf(error: unknown): RunnerEvent | undefined {
    if (this.#hasFaulted || !LANGUAGE_ERRORS.some((kind) => error instanceof kind)) return undefined
    this.#hasFaulted = true
    return effectFailed(error)
  }
}

/** Errors of the language itself: the store throws others. */
const LANGUAGE_ERRORS = [TypeError, RangeError, ReferenceError]

function effectFailed(error: unknown): RunnerEvent {
  return { type: 'effectFailed', detail: describeThrown(error) }
}
