import type { Role } from '../../../src/protocol/base/role.ts'

/** What a round's invitation is like: the inviter's role, and whether it wants to know who it is. */
export interface Flow {
  readonly role: Role
  readonly identity: boolean
}

const FLOWS: readonly Flow[] = [
  { role: 'stock', identity: false },
  { role: 'foil', identity: true },
  { role: 'stock', identity: true },
  { role: 'foil', identity: false },
]

/** A place to die at. */
export interface Point {
  readonly name: string
  /** How often it is passed on the way to a tally; each is a place of its own. */
  readonly times: number
  /** The flows that pass it. */
  readonly flows: readonly Flow[]
  /** The word that passes it. @default either */
  readonly says?: Says
}

/** The inviter's word about a request. */
export type Says = 'yes' | 'no'

type Only = (flow: Flow) => boolean

const always: Only = () => true
const stock: Only = ({ role }) => role === 'stock'
const foil: Only = ({ role }) => role === 'foil'
const identity: Only = (flow) => flow.identity

function point(name: string, times = 1, only: Only = always): Point {
  return { name, times, flows: FLOWS.filter(only) }
}

function around(name: string, times = 1, only: Only = always): readonly Point[] {
  return [point(`before ${name}`, times, only), point(`after ${name}`, times, only)]
}

function aroundWord(says: Says, name: string): readonly Point[] {
  return around(name).map((each) => ({ ...each, says }))
}

const DECISIONS: readonly Point[] = [
  ...aroundWord('yes', 'commit approveRequest'),
  ...aroundWord('no', 'commit denyRequest'),
]

/** Every place at which an inviter can die between a stream and its end: in the order in which it passes them. */
export const LISTENER_POINTS: readonly Point[] = [
  point('hearing Inspect', 2),
  ...around('token.validate', 3),
  ...around('sending Offer', 2),
  point('hearing InboundContact'),
  ...around('commit reserve'),
  ...around('commit VALIDATING_IDENTITY', 1, identity),
  ...around('identity.validate', 1, identity),
  ...around('commit intendProvision', 1, stock),
  ...around('database.provision', 1, stock),
  ...around('commit approve', 1, foil),
  ...around('commit delegate', 1, foil),
  point('hearing DatabaseResult', 1, foil),
  ...around('database.verify', 1, foil),
  ...around('commit commit'),
  ...around('sending ProvisioningResult'),
  ...around('token.markUsed'),
  ...around('sending Receipt', 1, foil),
  ...around('commit COMPLETED', 1, stock),
  point('hearing Acknowledgment', 1, stock),
  ...around('commit confirm', 1, stock),
  ...around('closing', 2),
]

/** The same for an invitee. */
export const INVITEE_POINTS: readonly Point[] = [
  ...around('commit beginAttempt'),
  ...around('dialling'),
  ...around('commit SENDING_REQUEST'),
  ...around('sending Inspect'),
  point('hearing Offer'),
  ...around('sending InboundContact'),
  point('hearing ProvisioningResult'),
  ...around('database.verify', 1, stock),
  ...around('commit PROVISIONING_DB', 1, foil),
  ...around('database.provision', 1, foil),
  ...around('commit keepTally'),
  ...around('sending Acknowledgment', 1, stock),
  ...around('commit COMPLETED', 1, stock),
  ...around('sending DatabaseResult', 1, foil),
  point('hearing Receipt', 1, foil),
  ...around('commit confirmTally', 1, foil),
  ...around('closing'),
]

/** Every place at which an invitee can die that is told to wait for the inviter's yes. */
export const WAITING_POINTS: readonly Point[] = [
  ...around('commit beginAttempt'),
  ...around('dialling'),
  ...around('commit SENDING_REQUEST'),
  ...around('sending Inspect'),
  point('hearing Offer'),
  ...around('sending InboundContact'),
  point('hearing ProvisioningResult'),
  ...around('commit FAILED'),
]

/** Every place at which an inviter can die that keeps a request for its yes. */
export const ASKED_POINTS: readonly Point[] = [
  ...around('sending Offer', 2),
  point('hearing InboundContact'),
  ...around('identity.validate', 1, identity),
  ...around('commit keepRequest'),
  ...around('sending ProvisioningResult'),
]

/** Every place at which a listener can die that is told the inviter's word, and calls whoever waits for it. */
export const DECIDING_POINTS: readonly Point[] = [
  ...aroundWord('yes', 'deciding yes'),
  ...aroundWord('no', 'deciding no'),
  ...DECISIONS,
  ...around('sending ComeNow'),
]

/** The same for the command that brings the word to a listener. */
export const TELLING_POINTS: readonly Point[] = [
  ...aroundWord('yes', 'asking yes'),
  ...aroundWord('no', 'asking no'),
]

/** The same for the command where no listener runs. */
export const ALONE_POINTS: readonly Point[] = [...DECISIONS, ...TELLING_POINTS]

/** Places at which an inviter can die whose yes is collected, from when the invitee comes for it. */
export const GIVING_POINTS: readonly Point[] = [
  point('hearing InboundContact'),
  ...around('token.validate'),
  ...around('commit reserve'),
  ...around('identity.validate', 1, identity),
  ...around('database.provision', 1, stock),
  ...around('commit delegate', 1, foil),
  ...around('commit commit'),
  ...around('sending ProvisioningResult'),
  ...around('token.markUsed'),
]

/** The same for the invitee that comes for it: it has seen the offer before, and said yes. */
export const COLLECTING_POINTS: readonly Point[] = [
  ...around('dialling'),
  ...around('commit SENDING_REQUEST'),
  ...around('sending InboundContact'),
  point('hearing ProvisioningResult'),
  ...around('database.provision', 1, foil),
  ...around('commit keepTally'),
  ...around('sending Acknowledgment', 1, stock),
  ...around('sending DatabaseResult', 1, foil),
  ...around('commit confirmTally', 1, foil),
]

/** Places at which an inviter has reserved a use and promised nothing. What the invitee may build has hours. */
export const UNPROMISED_POINTS: readonly Point[] = [
  // Where no identity is asked for, the promise mostly shares the commit of the reservation.
  point('after commit reserve', 1, identity),
  ...around('identity.validate', 1, identity),
  point('before commit intendProvision', 1, stock),
  ...around('database.provision', 1, stock),
  point('before commit commit', 1, stock),
  point('before commit delegate', 1, foil),
]

/** Every place at which a relay can die between a place that it gives and the end of a circuit. */
export const RELAY_POINTS: readonly Point[] = [
  ...around('asking the inviter', 2),
  ...around('joining', 2),
  point('a piece of the invitee', 14),
  point('a piece of the inviter', 14),
]
