/** A machine's answer to one event: where it is now, what must be stored with that, what to do afterwards. */
export interface Transition<State, Change, Effect> {
  readonly state: State
  readonly changes: readonly Change[]
  readonly effects: readonly Effect[]
}

/** Stay, store nothing, do nothing. */
export function ignore<State>(state: State): Transition<State, never, never> {
  return { state, changes: [], effects: [] }
}
