import type { Role } from '../../src/protocol/base/role.ts'

/** What is in the way of a redemption when its process dies. */
export type Obstacle =
  /** The inviter's identity hook does not answer. */
  | 'identity'
  /** The builder's database hook does not answer. */
  | 'database'
  /** So many frames of that side arrive, and the next one does not. */
  | { readonly lost: 'dialer' | 'listener'; readonly after: number }

/** One invitation, and how far its redemption has come. */
export interface Scene {
  readonly name: string
  readonly role: Role
  /** Each byte of the invitation's secret. */
  readonly secret: number
  readonly obstacle?: Obstacle
  /** The inviter says yes or no to each request. */
  readonly isByHand?: boolean
  /** The first version whose stores have it; left out if all have. */
  readonly since?: number
  /** The states that the two sessions are left in. */
  readonly left: { readonly inviter: string; readonly invitee: string }
}

/** Where the machines of one store are, all at once. Bob discloses a name: he inspects first. */
export const SCENES: readonly Scene[] = [
  {
    name: 'stock, done',
    role: 'stock',
    secret: 11,
    left: { inviter: 'COMPLETED', invitee: 'COMPLETED' },
  },
  {
    name: 'stock, checking the identity',
    role: 'stock',
    secret: 12,
    obstacle: 'identity',
    left: { inviter: 'VALIDATING_IDENTITY', invitee: 'AWAITING_RESPONSE' },
  },
  {
    name: 'stock, building',
    role: 'stock',
    secret: 13,
    obstacle: 'database',
    left: { inviter: 'PROVISIONING_DB', invitee: 'AWAITING_RESPONSE' },
  },
  {
    name: 'stock, answer lost',
    role: 'stock',
    secret: 14,
    obstacle: { lost: 'listener', after: 1 },
    left: { inviter: 'COMPLETED', invitee: 'AWAITING_RESPONSE' },
  },
  {
    name: 'stock, acknowledgment lost',
    role: 'stock',
    secret: 15,
    obstacle: { lost: 'dialer', after: 2 },
    left: { inviter: 'COMPLETED', invitee: 'COMPLETED' },
  },
  {
    name: 'foil, done',
    role: 'foil',
    secret: 21,
    left: { inviter: 'COMPLETED', invitee: 'COMPLETED' },
  },
  {
    name: 'foil, answer lost',
    role: 'foil',
    secret: 22,
    obstacle: { lost: 'listener', after: 1 },
    left: { inviter: 'AWAITING_ACK', invitee: 'AWAITING_RESPONSE' },
  },
  {
    name: 'foil, building',
    role: 'foil',
    secret: 23,
    obstacle: 'database',
    left: { inviter: 'AWAITING_ACK', invitee: 'PROVISIONING_DB' },
  },
  {
    name: 'foil, result lost',
    role: 'foil',
    secret: 24,
    obstacle: { lost: 'dialer', after: 2 },
    left: { inviter: 'AWAITING_ACK', invitee: 'AWAITING_RECEIPT' },
  },
  {
    name: 'foil, receipt lost',
    role: 'foil',
    secret: 25,
    obstacle: { lost: 'listener', after: 2 },
    left: { inviter: 'COMPLETED', invitee: 'FAILED' },
  },
  {
    name: 'by hand, checking the identity',
    role: 'stock',
    secret: 31,
    obstacle: 'identity',
    isByHand: true,
    since: 22,
    left: { inviter: 'ASKING_INVITER', invitee: 'AWAITING_RESPONSE' },
  },
  {
    name: 'by hand, waiting',
    role: 'foil',
    secret: 32,
    isByHand: true,
    since: 22,
    left: { inviter: 'FAILED', invitee: 'FAILED' },
  },
]

/** From this version on a side writes that it waits only with what comes next: such a state leaves the one before it. */
const QUIET_MOVES_SINCE = 14
const BEFORE: Readonly<Record<string, string>> = {
  AWAITING_ACK: 'SENDING_RESPONSE',
  AWAITING_RESPONSE: 'SENDING_REQUEST',
  AWAITING_RECEIPT: 'SENDING_RESULT',
}

/** The state that a side's session is left in, in a store of that version. */
export function leftIn({ left }: Scene, side: 'inviter' | 'invitee', version: number): string {
  return (version < QUIET_MOVES_SINCE ? undefined : BEFORE[left[side]]) ?? left[side]
}

/** What the invitation of a scene says, beside its secret. */
export function wishOf({ role, secret, isByHand: byHand = false }: Scene) {
  return { initiatorRole: role, secret, identityRequirements: ['name'], byHand }
}

/** What Bob discloses. */
export const BOB = { identity: { name: 'Bob' } }
