import type { StepScope } from '../host/step-scope.ts'
import type { DialerStateName } from '../machine/dialer-state.ts'
import type { ListenerStateName } from '../machine/listener-state.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { JournalEntry, SessionSummary, StoreTransaction } from '../ports/store.ts'

export type StateName = ListenerStateName | DialerStateName

/** Of a summary what the state decides. */
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
  step(state: State, event: Event): MachineTransition<State, Change, Effect>
  /** From this state on the session is in the store. */
  isRecorded(state: State): boolean
  /** The fields that depend on the state. */
  facts(state: State): SessionFacts
  /**
   * Asked first in each transaction that records this session. Throws FenceLostError if it has lost the right to
   * write.
   */
  mayWrite(before: State, after: State, transaction: StoreTransaction): void
  /**
   * Writes the change. An error thrown here undoes the transition; see `undoneBy`.
   * @returns what was found out with it, if anything
   */
  apply(change: Change, transaction: StoreTransaction): Partial<Found> | undefined
  /** The transition's trace in the audit, in the same transaction. */
  audit(path: readonly JournalEntry[], transaction: StoreTransaction, state: State): void
  /** Begin the effect. Its result comes back through `dispatch`. What it throws comes back as `failed`. */
  perform(effect: Effect, scope: StepScope): void
  /** Effects without a trace outside this process need not wait for the disk. */
  isInternal(effect: Effect): boolean
  /**
   * Asked when a session ends: all that its outcome says was on the disk before this state was left, so whoever waits
   * for it need not wait until the end is written too.
   */
  isCertain(before: State): boolean
  /** What an error thrown by `apply` means to the session; undefined if the store failed. */
  undoneBy(error: unknown): Event | undefined
  /** An effect could not be begun. */
  failed(detail: string): Event
  /** Somebody else works on this, or has closed this session. */
  readonly superseded: Event
  readonly stepDeadline: Event
  readonly sessionDeadline: Event
}

/** A session as it is at the moment. */
export interface SessionLook {
  readonly summary: SessionSummary
  /** How long it has been in its state. */
  readonly idleMs: number
}
