import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Grant } from '../../session/machine/listener-state.ts'
import {
  PAUSED,
  type Prospect,
  type ProspectRequest,
} from '../../session/ports/uses/reservation.ts'
import { integer, type Row, text } from '../row/row.ts'
import { REVOKED, takenUses, WITHDRAWN_OFFER } from './refused-uses.ts'
import { ANY_REQUEST, NEXT_SLOT, PENDING, SAME_REQUEST } from './reservations.ts'
import { reservedOn } from './token-terms.ts'

const NEXT = `
  SELECT secret_hash IS NULL AS is_foreign, revoked_at, paused_at, uses, ${NEXT_SLOT} AS slot
  FROM tokens t WHERE id = ?`

/** Says what a peer would hear if it redeemed now. Reads only, so it holds until the next write. */
export class Prospects {
  readonly #anyRequest: StatementSync
  readonly #sameRequest: StatementSync
  readonly #next: StatementSync
  readonly #pending: StatementSync

  constructor(database: DatabaseSync) {
    this.#anyRequest = database.prepare(ANY_REQUEST)
    this.#sameRequest = database.prepare(SAME_REQUEST)
    this.#next = database.prepare(NEXT)
    this.#pending = database.prepare(PENDING)
  }

  /** The answer of `Reservations.reserve`, without a reservation. That the grant has not expired is the caller's to know. */
  of(request: ProspectRequest): Prospect {
    const own = this.#own(request)
    return own === undefined ? this.fresh(request.grant) : again(own, request.grant)
  }

  /** Finds the redemption that the request would go on with. */
  #own({ grant, peerId, another, bootstrapId }: ProspectRequest): Row | undefined {
    const { tokenId, usesAllowed } = grant
    const same =
      bootstrapId === undefined ? undefined : this.#sameRequest.get(peerId, tokenId, bootstrapId)
    if (same !== undefined || (another && usesAllowed !== 1)) return same
    return this.#anyRequest.get(peerId, tokenId)
  }

  /** Says whether a new use could be given. */
  fresh({ tokenId, usesAllowed }: Grant): Prospect {
    const row = this.#next.get(tokenId)
    // A foreign hook's token that nobody has redeemed yet.
    if (row === undefined) return FREE
    if (row['revoked_at'] !== null) return REVOKED
    if (row['paused_at'] !== null) return PAUSED
    // The limits of a foreign token are as old here as its last reservation; the hook has just told them anew.
    const uses = row['is_foreign'] === 1 ? usesAllowed : row['uses']
    const isFree = uses === null || integer(row, 'slot') <= Number(uses)
    return isFree ? FREE : takenUses(integer(this.#pending.get(tokenId) ?? {}, 'pending'))
  }
}

const FREE: Prospect = { kind: 'free' }

function again(row: Row, granted: Grant): Prospect {
  if (row['withdrawn_at'] !== null) return WITHDRAWN_OFFER
  const state = text(row, 'state')
  const isAnswered = state === 'committed' || state === 'delegated'
  return { kind: 'own', isAnswered, ...reservedOn(row, granted) }
}
