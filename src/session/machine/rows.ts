import type { DialerChange, DialerEffect } from './dialer-effect.ts'
import type { DialerEvent } from './dialer-event.ts'
import type { DialerState, DialerStateName, DialerStep } from './dialer-state.ts'
import type { ListenerChange, ListenerEffect } from './listener-effect.ts'
import type { ListenerEvent } from './listener-event.ts'
import type { ListenerState, ListenerStateName, ListenerStep } from './listener-state.ts'
import type { MachineRow, MachineTransition, OfName } from './transition.ts'

export type ListenerTransition = MachineTransition<ListenerState, ListenerChange, ListenerEffect>

/** The states in which something can still go wrong. */
export type LiveListenerState = OfName<ListenerState, ListenerStep>

export type ListenerRow<Name extends ListenerStateName> = MachineRow<
  ListenerState,
  ListenerEvent,
  ListenerTransition,
  Name
>

export type DialerTransition = MachineTransition<DialerState, DialerChange, DialerEffect>

/** The states in which something can still go wrong. */
export type LiveDialerState = OfName<DialerState, DialerStep>

export type DialerRow<Name extends DialerStateName> = MachineRow<
  DialerState,
  DialerEvent,
  DialerTransition,
  Name
>
