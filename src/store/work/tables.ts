import type { AuditLog } from '../audit/audit-log.ts'
import type { WitnessedCheckpoints } from '../audit/witnessed-checkpoints.ts'
import type { Attempts } from '../ledger/attempts.ts'
import type { Declines } from '../ledger/declines.ts'
import type { Expiries } from '../ledger/expiries.ts'
import type { HighestTime } from '../ledger/highest-time.ts'
import type { LostUses } from '../ledger/lost-uses.ts'
import type { Notices } from '../ledger/notices.ts'
import type { Prospects } from '../ledger/prospects.ts'
import type { Reaping } from '../ledger/reaping.ts'
import type { Redemptions } from '../ledger/redemptions.ts'
import type { Removals } from '../ledger/removals.ts'
import type { Reservations } from '../ledger/reservations.ts'
import type { Tallies } from '../ledger/tallies.ts'
import type { Tokens } from '../ledger/tokens.ts'
import type { Denials } from '../requests/denials.ts'
import type { PendingRequests } from '../requests/pending-requests.ts'
import type { SessionLog } from '../sessions/session-log.ts'
import type { SessionPruner } from '../sessions/session-pruner.ts'

type AttemptMethods =
  | 'begin'
  | 'free'
  | 'freeAll'
  | 'holders'
  | 'holds'
  | 'isBuilding'
  | 'isLeased'
  | 'kept'
  | 'latest'
  | 'latestId'
  | 'noteBuilding'
  | 'set'

type RedemptionMethods =
  | 'approve'
  | 'bootstrapIdOf'
  | 'builderOf'
  | 'commit'
  | 'committedUses'
  | 'confirm'
  | 'delegate'
  | 'intend'
  | 'isBuilding'
  | 'knows'
  | 'lapsed'
  | 'putOn'
  | 'release'
  | 'standing'
  | 'storedReceipt'
  | 'storedResponse'

type RequestMethods =
  | 'approve'
  | 'countOfPeer'
  | 'countOfToken'
  | 'countWaiting'
  | 'find'
  | 'insert'
  | 'of'
  | 'ofPeer'
  | 'ofRedemption'
  | 'over'
  | 'remove'
  | 'rename'
  | 'waitingOf'

type RemovalMethods = 'claim' | 'due' | 'fail' | 'find' | 'finish' | 'owe' | 'settle'

type SessionMethods = 'appendLate' | 'entries' | 'open' | 'save' | 'unfinished' | 'update'

type TallyMethods = 'confirm' | 'find' | 'insert' | 'ofRedemption' | 'remove' | 'setReceipt'

/** The parts of the tables that writes and lookups of the session core need, of any engine. */
export interface Tables {
  readonly attempts: Pick<Attempts, AttemptMethods>
  readonly audit: Pick<AuditLog, 'append'>
  readonly declines: Pick<Declines, 'has' | 'insert'>
  readonly denials: Pick<Denials, 'insert' | 'of'>
  readonly expiry: Pick<Expiries, 'isDue' | 'note'>
  readonly lostUses: Pick<LostUses, 'note' | 'settle'>
  readonly notices: Pick<Notices, 'due' | 'fail' | 'find' | 'owe' | 'settle'>
  readonly prospects: Pick<Prospects, 'fresh' | 'of'>
  readonly pruner: Pick<SessionPruner, 'prune'>
  /** All of it: without its private members, another engine's is as good. */
  readonly reaping: Pick<Reaping, keyof Reaping>
  readonly redemptions: Pick<Redemptions, RedemptionMethods>
  readonly requests: Pick<PendingRequests, RequestMethods>
  readonly removals: Pick<Removals, RemovalMethods>
  readonly reservations: Pick<Reservations, keyof Reservations>
  readonly sessions: Pick<SessionLog, SessionMethods>
  readonly tallies: Pick<Tallies, TallyMethods>
  readonly time: Pick<HighestTime, 'highest' | 'remember'>
  readonly tokens: Pick<Tokens, 'grantOf' | 'isRevoked' | 'mirror' | 'ownByHand' | 'revoke'>
  readonly witnessed: Pick<WitnessedCheckpoints, 'drop' | 'ofPeer' | 'put' | 'touch'>
}
