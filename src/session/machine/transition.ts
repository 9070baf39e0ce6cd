import type { OfName, OfType } from './variant.ts'

/** A machine's answer to one event: where it is now, what must be stored with that, what to do afterwards. */
export interface MachineTransition<State, Change, Effect> {
  readonly state: State
  readonly changes: readonly Change[]
  readonly effects: readonly Effect[]
}

/** One row of a machine's table: the answer of one state to every event. */
export type MachineRow<
  State extends { readonly name: string },
  Event extends { readonly type: string },
  Answer,
  Name extends State['name'],
> = {
  readonly [Type in Event['type']]: (
    state: OfName<State, Name>,
    event: OfType<Event, Type>,
  ) => Answer
}

/** Stays, stores nothing, does nothing. */
export function ignore<State>(state: State): MachineTransition<State, never, never> {
  return { state, changes: [], effects: [] }
}
