import type { StepScope } from '../host/step-scope.ts'
import type { DialerStateName } from '../machine/dialer-state.ts'
import type { ListenerStateName } from '../machine/listener-state.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { JournalEntry, SessionSummary, StoreTransaction } from '../ports/store.ts'

export type StateName = ListenerStateName | DialerStateName

/** The events that the runner itself makes; both machines know them. */
export type RunnerEvent =
  /** An effect could not be begun. */
  | { readonly type: 'effectFailed'; readonly detail: string }
  /** Another session works on this, or somebody has closed this session. */
  | { readonly type: 'superseded' }
  | { readonly type: 'stepDeadline' }
  | { readonly type: 'sessionDeadline' }

/** The part of a summary that the state decides. */
export type SessionFacts = Omit<
  SessionSummary,
  'side' | 'startedAt' | 'endedAt' | 'durationMs' | 'steps' | 'exchange'
>

/**
 * The machine of one side as the runner needs it. `Found` is what its transactions find out: facts with which effects
 * do what the table has decided. In memory only.
 */
export interface SessionMachine<
  State extends { name: StateName },
  Event extends object,
  Change,
  Effect,
  Found extends object,
> {
  step(state: State, event: Event | RunnerEvent): MachineTransition<State, Change, Effect>
  /** True from the state on in which the session is in the store. */
  isRecorded(state: State): boolean
  /** The fields that depend on the state. */
  facts(state: State): SessionFacts
  /**
   * Called first in each transaction that records this session.
   * @throws FenceLostError if the session has lost the right to write
   */
  mayWrite(before: State, after: State, transaction: StoreTransaction): void
  /**
   * Writes the change. An error thrown here undoes the transition; see `undoneBy`.
   * @returns what was found out with it, if anything
   */
  apply(change: Change, transaction: StoreTransaction): Partial<Found> | undefined
  /** Writes the transition's trace to the audit, in the same transaction. */
  audit(path: readonly JournalEntry[], transaction: StoreTransaction, state: State): void
  /** Begins the effect. Its result comes back through `dispatch`; an error thrown here as `effectFailed`. */
  perform(effect: Effect, scope: StepScope): void
  /** True for an effect without a trace outside this process, which need not wait for the disk. */
  isInternal(effect: Effect): boolean
  /**
   * Asked when a session ends. True if all that its outcome says was on the disk before this state was left: a caller
   * that waits for the outcome need not wait until the end is written too.
   */
  isCertain(before: State): boolean
  /** Tells what an error thrown by `apply` means to the session; undefined if the store failed. */
  undoneBy(error: unknown): Event | undefined
}

/** A session as it is at the moment. */
export interface SessionLook {
  readonly summary: SessionSummary
  /** How long it has been in its state. */
  readonly idleMs: number
}
