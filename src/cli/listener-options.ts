import type { ListenerInit } from '../service/listener/listener-init.ts'

/** The choices of whoever starts a listener; the rest follows from the data directory. */
export interface ListenerOptions extends ChosenParts {
  /** After so many ms without a word another node takes over what this one has begun. @default the setting */
  readonly nodeLeaseMs?: number
}

type ChosenParts = Pick<
  ListenerInit,
  | 'config'
  | 'listen'
  | 'announce'
  | 'relays'
  | 'relayTokenFile'
  | 'party'
  | 'trustClock'
  | 'reap'
  | 'onDrain'
  | 'onEvent'
  | 'settings'
  | 'disk'
  | 'http'
  | 'retentionMs'
  | 'proveEveryMs'
  | 'mdns'
  | 'upnp'
>
