import type { ListenerChange, ListenerEffect } from './listener-effect.ts'
import type { ListenerEvent } from './listener-event.ts'
import type { ListenerState, ListenerStateName, ListenerStep } from './listener-state.ts'
import type { MachineRow, MachineTransition } from './transition.ts'
import type { OfName } from './variant.ts'

export type ListenerTransition = MachineTransition<ListenerState, ListenerChange, ListenerEffect>

/** The states in which something can still go wrong. */
export type LiveListenerState = OfName<ListenerState, ListenerStep>

export type ListenerRow<Name extends ListenerStateName> = MachineRow<
  ListenerState,
  ListenerEvent,
  ListenerTransition,
  Name
>
