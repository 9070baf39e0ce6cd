import { isFinalState } from '../machine/deadlines.ts'
import type { MachineTransition } from '../machine/transition.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { Urgency } from '../ports/work.ts'
import type { StateName } from './session-machine.ts'

/** One transition on its way: the answer of the machine, and its line in the journal. */
export interface Move<State, Change, Effect> extends MachineTransition<State, Change, Effect> {
  readonly before: State
  readonly entry: JournalEntry
  /** The session after it. */
  readonly summary: SessionSummary
  /** Into another state. */
  readonly moved: boolean
  readonly recorded: boolean
}

/** The part of a machine that tells which effects leave no trace outside this process. */
interface KnowsEffects<Effect> {
  isInternal(effect: Effect): boolean
}

/** True if the move leads into a final state from one that was not. */
export function ends<State extends { name: StateName }>(
  move: Move<State, unknown, unknown>,
): boolean {
  return move.moved && isFinalState(move.state.name)
}

/** True if the move may be written with the next one: nothing leaves on its strength, nothing else is written with it. */
export function mayWait<State extends { name: StateName }, Effect>(
  { moved, recorded, state, changes, effects }: Move<State, unknown, Effect>,
  machine: KnowsEffects<Effect>,
): boolean {
  if (!moved || !recorded || changes.length > 0 || isFinalState(state.name)) return false
  return effects.every((effect) => machine.isInternal(effect))
}

/** True if the move need not wait for the disk: all that it leads to is without a trace outside this process. */
export function isInternalMove<State, Effect>(
  { effects }: Move<State, unknown, Effect>,
  machine: KnowsEffects<Effect>,
): boolean {
  return effects.every((effect) => machine.isInternal(effect))
}

/** How soon the move must be written: nobody acts on a session's end that says nothing new, or on what follows its end. */
export function urgencyOf<State extends { name: StateName }, Effect>(
  move: Move<State, unknown, Effect>,
  machine: KnowsEffects<Effect>,
): Urgency {
  const saysNothing = move.changes.length === 0 && isInternalMove(move, machine)
  return isFinalState(move.before.name) || (ends(move) && saysNothing) ? 'soon' : 'now'
}

/** True if the move ends the session, and all that its outcome says is on the disk already. */
export function isCertainEnd<State extends { name: StateName }, Effect>(
  move: Move<State, unknown, Effect>,
  machine: KnowsEffects<Effect> & { isCertain(before: State): boolean },
): boolean {
  return ends(move) && isInternalMove(move, machine) && machine.isCertain(move.before)
}
