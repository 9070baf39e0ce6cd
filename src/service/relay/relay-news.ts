import type { RelayEvent, RelayRefusal } from '../../network/relay-server/relay-event.ts'
import type { RelayStatus } from '../status/relay-status.ts'

/** Something that happened at a relay. `ready` is the first, `stopped` the last. */
export type RelayFact =
  | RelayEvent
  | ({ readonly type: 'ready' } & Pick<
      RelayStatus,
      'pid' | 'peerId' | 'addresses' | 'http' | 'startedAt' | 'access'
    >)
  | { readonly type: 'problem'; readonly detail: string }
  /** Nothing new; circuits have `ms` to end. */
  | { readonly type: 'draining'; readonly circuits: number; readonly ms: number }
  | { readonly type: 'stopped'; readonly reason: string; readonly cut: number }
  /** So many were not told: there were too many, or this reader was too slow. */
  | { readonly type: 'missed'; readonly count: number }

/** A fact, and when: milliseconds since the epoch. */
export type RelayNews = RelayFact & { readonly at: number }

const REFUSALS: Readonly<Record<RelayRefusal, string>> = {
  not_allowed: 'may not reserve here',
  full: 'all places are taken',
  no_reservation: 'asked for a peer that has no place here',
  busy: 'all circuits are taken',
  not_taken: 'the reserved peer did not take the circuit',
  draining: 'the relay is stopping',
  malformed: 'sent what is no request',
}

export function refusalInWords(why: RelayRefusal): string {
  return REFUSALS[why]
}

const ENDS: Readonly<Record<Extract<RelayEvent, { type: 'parted' }>['end'], string>> = {
  closed: 'closed',
  bytes: 'cut: all its bytes were used',
  time: 'cut: its time was up',
  lost: 'ended by one of the two',
  stopped: 'cut: the relay stops',
}

/** How a circuit ended, in words. */
export function circuitEndInWords(end: keyof typeof ENDS): string {
  return ENDS[end]
}
