import type { DialBackEnd } from '../dial-back/dial-back-server.ts'
import type { CircuitEnd } from './circuit.ts'

/** Why a request was turned away. */
export type RelayRefusal =
  /** Nobody said that this peer may reserve. */
  | 'not_allowed'
  /** All places, or all of its host, are taken. */
  | 'full'
  /** The peer that is asked for has no place here. */
  | 'no_reservation'
  /** All circuits, or all of one of the two peers or of the host, are taken. */
  | 'busy'
  /** The reserved peer did not take the circuit. */
  | 'not_taken'
  | 'draining'
  /** The request was none. */
  | 'malformed'

/** A relay's news. Peers are peer ids, `12D3KooW…`. */
export type RelayEvent =
  | { readonly type: 'reserved'; readonly peer: string; readonly address: string }
  | { readonly type: 'released'; readonly peer: string; readonly ms: number }
  | { readonly type: 'refused'; readonly peer: string; readonly why: RelayRefusal }
  | {
      readonly type: 'joined'
      readonly circuit: number
      readonly from: string
      readonly to: string
    }
  | {
      readonly type: 'parted'
      readonly circuit: number
      readonly from: string
      readonly to: string
      readonly end: CircuitEnd
      /** Both ways together. */
      readonly bytes: number
      readonly ms: number
    }

/** The things that a relay has, and has done since its start. */
export interface RelayUsage {
  readonly reservations: number
  /** With those being set up. */
  readonly circuits: number
  readonly reserved: number
  readonly joined: number
  /** Bytes that went through, both ways together. */
  readonly bytes: number
  readonly refused: Readonly<Record<RelayRefusal, number>>
  /** Holders of places that asked to be dialled, by what came of it. */
  readonly dialBacks: Readonly<Record<DialBackEnd, number>>
}

/** A holder of a place, for those who look. */
export interface RelayPlace {
  readonly peer: string
  readonly address: string
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly circuits: number
}
