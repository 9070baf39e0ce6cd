import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { DialerStateName } from '../machine/dialer-state.ts'
import type { ListenerStateName } from '../machine/listener-state.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { Exchange, JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { Applied, Lost, Work } from '../ports/work.ts'
import type { Answer, Write } from '../ports/write.ts'

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

/** A change as data. */
export interface PreparedChange<Found extends object> {
  readonly writes: readonly Write[]
  /** Returns the facts that are known once it is written. @param answers to its writes, in their order */
  found?(answers: readonly Answer[]): Partial<Found>
}

/**
 * The machine of one side as the runner needs it. `Found` is what its writes find out: facts with which effects
 * do what the table has decided. In memory only.
 */
export interface SessionMachine<
  State extends { name: StateName },
  Event extends object,
  Change,
  Effect,
  Found extends object,
> {
  readonly side: SessionSummary['side']
  /** The exchange on the stream so far, if anything was said. */
  readonly exchange: Exchange | undefined
  /** The extent of the messages read on it; it grows. */
  readonly extent: MessageExtent
  step(state: State, event: Event | RunnerEvent): MachineTransition<State, Change, Effect>
  /** True from the state on in which the session is in the store. */
  isRecorded(state: State): boolean
  /** The fields that depend on the state. */
  facts(state: State): SessionFacts
  /** The writes that come first in each piece of work that records this session: they quote its right to write. */
  quote(before: State, after: State): readonly Write[]
  /** Puts a change into writes. An error thrown here undoes the transition; see `undoneBy`. */
  prepare(change: Change): PreparedChange<Found>
  /** The transition's trace in the audit, written with it. @param facts those of the state */
  trace(path: readonly JournalEntry[], state: State, facts: SessionFacts): readonly Write[]
  /** Hears of a piece of work that was applied, and will be durable. */
  applied(work: Work, applied: Applied, durable: Promise<void>): void
  /** Begins the effect. Its result comes back through `dispatch`; an error thrown here as `effectFailed`. */
  perform(effect: Effect, scope: StepScope): void
  /** True for an effect without a trace outside this process, which need not wait for the disk. */
  isInternal(effect: Effect): boolean
  /**
   * Asked when a session ends. True if all that its outcome says was on the disk before this state was left: a caller
   * that waits for the outcome need not wait until the end is written too.
   */
  isCertain(before: State): boolean
  /** Tells what an error thrown by `prepare` means to the session; undefined if it is a fault of ours. */
  undoneBy(error: unknown): Event | undefined
  /** Tells what it means to the session that a piece of work with these changes was lost, but for reason `over`. */
  lostBy(lost: Lost, changes: readonly Change[]): Event
}

/** A session as it is at the moment. */
export interface SessionLook {
  readonly summary: SessionSummary
  /** How long it has been in its state. */
  readonly idleMs: number
}
