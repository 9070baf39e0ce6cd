import type { HookNotes } from '../../hooks/own/hook-notes.ts'
import type { SessionHooks } from '../../hooks/session-hooks.ts'
import type { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import type { SessionConfig } from '../../session/config/session-config.ts'
import type { Party } from '../../session/run/party.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import type { CertifiedNode } from '../node/certified-node.ts'
import type { EventCommandInit } from '../notify/event-command.ts'
import type { ReapScheduleInit } from '../reaping/reap-schedule.ts'
import type { DiskLimits } from '../status/disk-watch.ts'
import type { ListenerSettings } from '../status/listener-settings.ts'
import type { ListenerLease } from './watch-lease.ts'

/** The parts and settings that a listener is made of. */
export interface ListenerInit {
  readonly directory: DataDirectory
  readonly store: PartyStore
  readonly hooks: SessionHooks
  /** Names of the hooks among them that are the host's own, for the audit. @default none */
  readonly ownHooks?: readonly string[] | undefined
  /** Notes of hooks of the host's own are told as problems. @default there are none */
  readonly hookNotes?: Pick<HookNotes, 'onSaid'> | undefined
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
  /** It is a node, which speaks for the party of that certificate. @default the key is the party's own */
  readonly node?: CertifiedNode | undefined
  /** Its hold on its node, where several share the store. @default it is the only one */
  readonly lease?: ListenerLease | undefined
  readonly config: Partial<SessionConfig>
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Multiaddrs to tell instead. */
  readonly announce: readonly string[]
  /** Multiaddrs of relays by which others reach it, too, with or without the relay's id. @default none */
  readonly relays?: readonly string[]
  /** File with the token that the relays want to see; read anew each time. @default they want none */
  readonly relayTokenFile?: string | undefined
  /** The clock that expiry is judged by; hooks that judge must have the same. @default one of its own */
  readonly clock?: ForwardOnlyClock
  /** The computer's clock is right, whatever was seen before. @default false */
  readonly trustClock?: boolean
  /** Settings that may change while it runs. @default none: `config` is all there is */
  readonly settings?: ListenerSettings
  /** Where to tell health and metrics over HTTP. @default nowhere */
  readonly http?: { readonly host: string; readonly port: number }
  /** How much of the disk to leave free. @default none of it */
  disk?(): DiskLimits
  /** How far back the audit is kept, ms; asked anew each time. 0: for ever. @default for ever */
  retentionMs?(): number
  /** A command asks it to drain. @returns ms that sessions will have; `stop` follows */
  onDrain?(ms: number | undefined): number
  /** Answer those on the same network who have a link, and ask there where it is. @default false */
  readonly mdns?: boolean
  /** Have the router of its network pass connections on to it. @default false */
  readonly upnp?: boolean
  /** Serve older peers too, with weaker guarantees. @default false */
  readonly legacy?: boolean
  /** How often it tries its own addresses, ms. @default 10 minutes */
  readonly proveEveryMs?: number
  /** The command that is started for what happens. @default none */
  readonly onEvent?: Pick<EventCommandInit, 'words' | 'kinds' | 'environment'> | undefined
  /** The policies that it reaps by itself, and how often. @default nothing */
  readonly reap?: Pick<ReapScheduleInit, 'policies' | 'everyMs'>
  /** This party's disclosure; asked anew for each answer. */
  party(): Omit<Party, 'peerId'>
}
