/** The events, effects or changes of a union that have this `type`. */
export type OfType<Union extends { readonly type: string }, Type extends Union['type']> = Extract<
  Union,
  { readonly type: Type }
>

/** The states of a union that have this `name`. */
export type OfName<Union extends { readonly name: string }, Name extends Union['name']> = Extract<
  Union,
  { readonly name: Name }
>

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
