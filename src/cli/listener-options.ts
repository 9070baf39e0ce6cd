import type { ListenerInit } from '../service/listener/listener-init.ts'

/** The choices of whoever starts a listener; the rest follows from the data directory. */
export type ListenerOptions = Pick<
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
