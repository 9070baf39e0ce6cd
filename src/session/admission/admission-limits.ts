import type { SessionConfig } from '../config/session-config.ts'

/** The settings that bound admission; their defaults are in `DEFAULT_SESSION_CONFIG`. What follows is fixed. */
export type AdmissionLimits = Pick<
  SessionConfig,
  | 'maxConcurrentSessions'
  | 'maxSessionsPerPeer'
  | 'rateLimitPerPeer'
  | 'rateLimitPerAddress'
  | 'rateLimitTotal'
  | 'badSecretsPerPeer'
>

/**
 * The share of `maxConcurrentSessions` that only peers with a reservation may take, so that newcomers don't shut out a
 * peer that resumes.
 */
export const RESERVED_SHARE = 0.1

/** Peers, and as many addresses, whose buckets are remembered: 1 MiB each. */
export const MAX_BUCKETS = 65_536

/**
 * The cost of a look at the offer, in attempts: a user who looks, thinks, and then begins must not be limited for having
 * looked.
 */
export const LOOK_COST = 0.2

/**
 * The attempts that a bucket holds beside a minute's worth: a look before the attempt and one after it. So one redemption
 * fits in any limit, also in that of one attempt per minute.
 */
export const SPARE_ATTEMPTS = 2 * LOOK_COST

/**
 * The share of all attempts that those may make who come by one relay. They can't be told apart by where they are: there is
 * room for many, and it is not all the room.
 */
export const RELAY_SHARE = 0.25

/** Bad secrets that an address may show for each one that a peer may: households and shops share one. */
export const BAD_SECRETS_PER_ADDRESS = 10

/** The cost of an attempt by a newcomer, in attempts, at an address from which too many bad secrets came. */
export const SUSPECT_COST = 10
