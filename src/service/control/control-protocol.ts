import { z } from 'zod/mini'
import type { PeerLimits } from '../../session/admission/peer-limits.ts'
import { REAP_POLICIES } from '../../session/reaper/reap-options.ts'
import type { ReachReport } from '../reach/reach-report.ts'
import type { ReapReport } from '../reaping/reap-order.ts'
import { MAX_OPERATOR_REASON } from '../record/operator.ts'
import type { SettingChange, SettingInUse } from '../status/listener-settings.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import type { RelayStatus } from '../status/relay-status.ts'
import { type Decided, MAX_DENIAL_REASON } from './decided.ts'

/** Of requests and answers: a listener answers only its own, so that no command is half understood. */
export const CONTROL_VERSION = 2

/** Where commands are posted: their name follows. */
export const CONTROL_PATH = `/v${CONTROL_VERSION}/`

/** Longest request or answer that either side reads, characters. */
export const MAX_CONTROL_TEXT = 65_536

/** How long a client waits for an answer, ms: a listener that is busy with sessions still answers in far less. */
export const CONTROL_TIMEOUT_MS = 2_000

/** How long reaping may take, ms: ten minutes, for hundreds of thousands of things. */
export const REAP_TIMEOUT_MS = 600_000

/** The longest time that a drain may be given, ms: an hour. */
const MAX_DRAIN_MS = 3_600_000

/** Characters of a peer id, of any kind of key. */
const MAX_PEER_ID = 128

/** Characters of a session's id, or of an invitation's, and more. */
const MAX_SESSION_ID = 64

/** Requests in one such command: their ids fit into it, and they are ended within its time. */
export const MAX_OUTDATED = 500

const operator = z.object({
  user: z.string(),
  uid: z.int(),
  reason: z.optional(z.string().check(z.maxLength(MAX_OPERATOR_REASON))),
})

/** The requests of each command, as JSON. */
export const controlRequests = {
  status: z.object({}),
  /** The status of a relay: a listener does not know this, nor a relay most others. */
  relay: z.object({}),
  /** Ends one session, telling its peer. */
  cancel: z.object({ sessionId: z.string() }),
  /** Gives back the use that a session which is over still holds. */
  release: z.object({
    sessionId: z.string().check(z.maxLength(MAX_SESSION_ID)),
    redemptionId: z.string().check(z.maxLength(MAX_SESSION_ID)),
    tokenId: z.optional(z.string().check(z.maxLength(MAX_SESSION_ID))),
    operator,
  }),
  /** Ends those of these requests that are under other terms than their invitations have now. */
  outdate: z.object({
    ids: z.array(z.string().check(z.maxLength(MAX_SESSION_ID))).check(z.maxLength(MAX_OUTDATED)),
  }),
  /** Says yes or no to a request at an invitation by hand. */
  decide: z.object({
    id: z.string().check(z.maxLength(MAX_SESSION_ID)),
    peerId: z.string().check(z.maxLength(MAX_PEER_ID)),
    tokenId: z.string().check(z.maxLength(MAX_SESSION_ID)),
    says: z.enum(['yes', 'no']),
    /** Told to the peer, with a no. */
    reason: z.optional(z.string().check(z.maxLength(MAX_DENIAL_REASON))),
    operator,
  }),
  /** Takes nothing new, finishes, parks, stops: within `ms`, else within the time that is set. */
  drain: z.object({
    ms: z.optional(z.int().check(z.gte(0), z.lte(MAX_DRAIN_MS))),
    operator: z.optional(operator),
  }),
  /** Tries its own addresses as somebody else would, unless it has within `freshMs`. */
  reach: z.object({ freshMs: z.optional(z.int().check(z.gte(0))) }),
  /** Tells what a peer may still do, or has it begin anew. */
  limits: z.object({ peerId: z.string().check(z.maxLength(MAX_PEER_ID)), reset: z.boolean() }),
  /** Looks at the settings again, and goes by them. */
  config: operator,
  /** Seeks the partner of this tally now: something has changed for it. */
  sync: z.object({ tallyId: z.string() }),
  /** Reaps in the listener's own process, which knows what is under way. */
  reap: z.object({
    policies: z.array(z.enum(REAP_POLICIES)),
    filter: z.object({
      side: z.optional(z.enum(['listener', 'dialer'])),
      peerId: z.optional(z.string()),
      tokenId: z.optional(z.string()),
      state: z.optional(z.string()),
    }),
    olderThanMs: z.optional(z.int().check(z.gte(0))),
    dryRun: z.boolean(),
    reason: z.optional(z.string()),
    operator: z.object({ user: z.string(), uid: z.int() }),
  }),
  /** The event feed: a line each, until either side ends. */
  follow: z.object({}),
}

export type ControlCommand = keyof typeof controlRequests

/** The request of one command. */
export type ControlRequestOf<Name extends ControlCommand> = z.infer<(typeof controlRequests)[Name]>

/** The answer to each command. */
export interface ControlResults {
  readonly status: ListenerStatus
  readonly relay: RelayStatus
  /** False: no such session is under way. */
  readonly cancel: { readonly cancelled: boolean }
  /** False: it holds none. */
  readonly release: { readonly isReleased: boolean }
  /** How many requests were ended. */
  readonly outdate: { readonly ended: number }
  readonly decide: Decided
  readonly drain: DrainBegun
  readonly reach: ReachReport
  readonly limits: PeerLimits
  readonly config: ConfigTaken
  readonly sync: { readonly isSought: boolean }
  readonly reap: ReapReport
}

/** The settings that a listener goes by after it has looked at them again. */
export interface ConfigTaken {
  readonly changes: readonly SettingChange[]
  readonly inUse: readonly SettingInUse[]
}

/** A drain has begun, by this request or before it. */
export interface DrainBegun {
  readonly pid: number
  /** Sessions under way. */
  readonly active: number
  /** For how long they may still go on. */
  readonly ms: number
}
