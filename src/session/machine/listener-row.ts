import type { ListenerChange, ListenerEffect } from './listener-effect.ts'
import type { ListenerEvent, ListenerEventType } from './listener-event.ts'
import type { ListenerState, ListenerStateName, ListenerStep } from './listener-state.ts'
import type { Transition } from './transition.ts'

export type ListenerTransition = Transition<ListenerState, ListenerChange, ListenerEffect>

/** States in which something can still go wrong. */
export type LiveState = Extract<ListenerState, { readonly name: ListenerStep }>

export type EventOf<Type extends ListenerEventType> = Extract<
  ListenerEvent,
  { readonly type: Type }
>
type StateOf<Name extends ListenerStateName> = Extract<ListenerState, { readonly name: Name }>

/** One row of the table: an answer to every event. */
export type ListenerRow<Name extends ListenerStateName> = {
  readonly [Type in ListenerEventType]: (
    state: StateOf<Name>,
    event: EventOf<Type>,
  ) => ListenerTransition
}
