import {
  crashed,
  cutOff,
  endFailed,
  refused,
  superseded,
  timedOut,
  unexpected,
} from './dialer-endings.ts'
import type { DialerEvent } from './dialer-event.ts'
import type { DialerState } from './dialer-state.ts'
import type { LiveDialerState } from './rows.ts'
import { ignore, type OfType } from './transition.ts'

/** The answers that hold in every live state unless its row says otherwise. */
export function liveDialerAnswers<State extends LiveDialerState>() {
  return {
    ...finalDialerAnswers<State>(),
    offer: (state: State) => unexpected(state, 'Offer'),
    approval: (state: State) => unexpected(state, 'ProvisioningResult'),
    refusal: (state: State, event: OfType<DialerEvent, 'refusal'>) => refused(state, event.refusal),
    receipt: (state: State) => unexpected(state, 'Receipt'),
    strayMessage: (state: State, event: OfType<DialerEvent, 'strayMessage'>) =>
      unexpected(state, event.message),
    frameRejected: (state: State, event: OfType<DialerEvent, 'frameRejected'>) =>
      endFailed(state, 'malformed_frame', event.problem),
    streamClosed: cutOff,
    sendFailed: (state: State) => endFailed(state, 'stream_lost'),
    hookFailed: (state: State, event: OfType<DialerEvent, 'hookFailed'>) =>
      endFailed(state, event.cause ?? 'hook_failed', `${event.hook} hook: ${event.detail}`),
    effectFailed: (state: State, event: OfType<DialerEvent, 'effectFailed'>) =>
      endFailed(state, 'internal', event.detail),
    superseded,
    stepDeadline: (state: State) => timedOut(state, 'step_deadline'),
    sessionDeadline: (state: State) => timedOut(state, 'session_deadline'),
    crashed,
    cancelled: (state: State, event: OfType<DialerEvent, 'cancelled'>) =>
      endFailed(state, 'cancelled', event.detail),
  }
}

/** The answers of a final state: it stays as it is. */
export function finalDialerAnswers<State extends DialerState>() {
  return {
    started: ignore<State>,
    connected: ignore<State>,
    dialFailed: ignore<State>,
    offer: ignore<State>,
    approval: ignore<State>,
    refusal: ignore<State>,
    receipt: ignore<State>,
    strayMessage: ignore<State>,
    frameRejected: ignore<State>,
    streamEnded: ignore<State>,
    streamClosed: ignore<State>,
    sent: ignore<State>,
    sendFailed: ignore<State>,
    responseAccepted: ignore<State>,
    responseRejected: ignore<State>,
    provisioned: ignore<State>,
    hookFailed: ignore<State>,
    effectFailed: ignore<State>,
    busy: ignore<State>,
    superseded: ignore<State>,
    stepDeadline: ignore<State>,
    sessionDeadline: ignore<State>,
    crashed: ignore<State>,
    cancelled: ignore<State>,
  }
}
