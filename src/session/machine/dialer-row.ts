import type { DialerChange, DialerEffect } from './dialer-effect.ts'
import type { DialerEvent } from './dialer-event.ts'
import type { DialerState, DialerStateName, DialerStep } from './dialer-state.ts'
import type { MachineRow, MachineTransition } from './transition.ts'
import type { OfName } from './variant.ts'

export type DialerTransition = MachineTransition<DialerState, DialerChange, DialerEffect>

/** The states in which something can still go wrong. */
export type LiveDialerState = OfName<DialerState, DialerStep>

export type DialerRow<Name extends DialerStateName> = MachineRow<
  DialerState,
  DialerEvent,
  DialerTransition,
  Name
>
