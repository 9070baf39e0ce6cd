import { StoredDatabases } from '../../hooks/file/stored-databases.ts'
import { StoredTokens } from '../../hooks/file/stored-tokens.ts'
import { requiredFields } from '../../hooks/required-fields.ts'
import type { AuditHook, IdentityHook, SessionHooks } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { outdateRequests } from '../../session/upkeep/end-requests.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import { appendAudit } from '../../store/query/query.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
import { type Outdate, outdateAt } from '../approval/outdate-by-operator.ts'
import { issuedRecord } from '../invitations/invitation-records.ts'
import { pauseInvitation } from '../invitations/pause-invitation.ts'
import { revokeInvitation } from '../invitations/revoke-invitation.ts'
import {
  type InvitationUpdate,
  type InvitationUpdated,
  updateInvitation,
} from '../invitations/update-invitation.ts'
import { DurablePeers } from './durable-peers.ts'
import type { MintedToken } from './mint-invitation.ts'
import { NOBODY_TOLD } from './nobody-told.ts'

/** The parts that a host may bring itself. */
export interface DurableHooksInit {
  /** @default every required field must be there and not blank */
  readonly identity?: IdentityHook | undefined
  /** Told every audit event. @default nobody; the audit itself is in the store */
  readonly audit?: AuditHook | undefined
}

/** Hooks that keep all they have to in the store. */
export interface DurableHooks extends SessionHooks {
  readonly token: DurableTokens
  /** The peers that nothing is taken from; no hook: give the manager their `isDenied`. */
  readonly peers: DurablePeers
}

/** Invitations in the store, where other processes on the same store find them too. */
export class DurableTokens extends StoredTokens {
  readonly #issued: PartyStore
  #outdate: Outdate

  constructor(store: PartyStore) {
    super(store, Date.now)
    this.#issued = store
    this.#outdate = (ids) => outdateRequests({ store, clock: SYSTEM_CLOCK }, ids)
  }

  /** Has the requests of a store ended by its manager from now on, which tells of them; not if this is another store. */
  endRequestsBy(store: SessionStore, outdate: Outdate): void {
    if (store === this.#issued) this.#outdate = outdate
  }

  /**
   * Stores an invitation. Once this resolves it is on the disk, and the link may leave.
   * @throws StoreError, also for a token that was issued before
   */
  async issue({ tokenId: id, secretHash, info }: MintedToken): Promise<void> {
    const { initiatorRole: role, usesAllowed: uses, identityRequirements: required } = info
    const { identityOptional: optional = [], terms = null, label } = info
    const times = { issuedAt: Date.now(), expiresAt: Date.parse(info.expiryUtc) }
    const byHand = info.byHand === true ? (true as const) : undefined
    const grant = { role, uses, required, optional, terms, ...compact({ label, byHand }) }
    const token = { id, secretHash, ...grant, ...times }
    await this.#issued.transact(function* () {
      yield* tokenRecords.issue(token)
      yield* appendAudit(issuedRecord(token))
    })
  }

  /**
   * Lets nobody new in from now on. Returns false if it was revoked before, or there is no such token.
   * @throws StoreError
   */
  async revoke(tokenId: string): Promise<boolean> {
    return await revokeInvitation(this.#issued, tokenId)
  }

  /**
   * Gives nothing new for now, until `resume`; whoever has an answer gets it again. Returns false if it was paused before.
   * @throws StoreError
   */
  async pause(tokenId: string): Promise<boolean> {
    return await pauseInvitation(this.#issued, tokenId, true)
  }

  /** Gives uses again. Returns false if it was not paused. @throws StoreError */
  async resume(tokenId: string): Promise<boolean> {
    return await pauseInvitation(this.#issued, tokenId, false)
  }

  /**
   * Offers later invitees other terms or fields; what was reserved before keeps those of then, and who waits for the
   * inviter's word is asked about anew.
   * @returns which parts were other ones before; `full` after a thousand times, `unknown` if there is no such token
   * @throws RangeError for terms that are too long, StoreError
   */
  async update(tokenId: string, update: InvitationUpdate): Promise<InvitationUpdated> {
    const store = this.#issued
    const updated = await updateInvitation(store, tokenId, update)
    const hasNewTerms = typeof updated !== 'string' && updated.terms
    if (hasNewTerms) await outdateAt(store, tokenId, this.#outdate)
    return updated
  }
}

/**
 * The hooks that `taleus listen` uses: invitations and databases in the store. Give the manager the same store; then a
 * restart knows who has used what, and a peer that comes back with its link gets the tally that it has.
 */
export function durableHooks(
  store: PartyStore,
  { identity, audit }: DurableHooksInit = {},
): DurableHooks {
  return {
    token: new DurableTokens(store),
    peers: new DurablePeers(store),
    identity: identity ?? requiredFields,
    database: new StoredDatabases(store),
    audit: audit ?? NOBODY_TOLD,
  }
}
