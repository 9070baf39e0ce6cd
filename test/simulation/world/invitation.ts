import type { Role } from '../../../src/protocol/base/role.ts'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { secretHashOf, tokenIdOf } from '../../../src/protocol/link/secret.ts'
import { MAX_REQUESTS } from '../../../src/session/ports/uses/pending-request.ts'
import { selectAll, selectOne } from '../../../src/store/query/query.ts'
import { pendingRequestRecords } from '../../../src/store/records/pending-request-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import type { PartyNode, Running } from './party-node.ts'

/** What only the holder of a secret may ever hear. */
const TERMS = { unit: 'EUR', note: 'terms-for-holders-only' }

export interface InvitationWish {
  readonly role: Role
  readonly uses: number | null
  /** From the beginning, ms. */
  readonly expiresInMs: number
  readonly required: readonly string[]
  /** The inviter says yes or no to each request. */
  readonly byHand: boolean
}

/** One token as its inviter made it, and as the link tells it. */
export class Invitation {
  readonly inviter: PartyNode
  readonly secret: Uint8Array
  readonly tokenId: string
  readonly wish: InvitationWish
  readonly link: LinkContent
  /** The redemptions that had got beyond checking when it was revoked, if anybody tried to. */
  builtBeforeRevocation: ReadonlySet<string> | undefined
  /** The changes of its terms that are on the disk, and the last redemption that was reserved before each. */
  readonly changes: { readonly revision: number; readonly lastBefore: number }[] = []

  constructor(inviter: PartyNode, secret: Uint8Array, wish: InvitationWish) {
    this.inviter = inviter
    this.secret = secret
    this.tokenId = tokenIdOf(secret)
    this.wish = wish
    this.link = {
      role: wish.role,
      secret,
      expiresAt: Math.floor((inviter.wall() + wish.expiresInMs) / 1000),
      publicKey: inviter.publicKey,
      addresses: ['/ip4/127.0.0.1/tcp/1'],
    }
  }

  /** Done before anything else happens, so that it is durable. */
  issue(): void {
    const { role, uses, required, byHand } = this.wish
    const token = {
      id: this.tokenId,
      secretHash: secretHashOf(this.secret),
      role,
      uses,
      issuedAt: this.inviter.wall(),
      expiresAt: this.link.expiresAt * 1000,
      required,
      optional: [],
      terms: TERMS,
      ...(byHand ? { byHand: true as const } : {}),
    }
    this.inviter.disk.write(() => tokenRecords.issue(token))
  }

  /** Offers later invitees other terms, which say how often they were changed. */
  changeTerms(): void {
    const { current, disk } = this.inviter
    if (current === undefined) return
    disk.yieldTo(current.life)
    const { tokenId } = this
    const written = current.store.transact(function* () {
      const token = yield* tokenRecords.find(tokenId)
      if (token === undefined) return
      const { required, optional } = token
      const revision = token.revision + 1
      yield* tokenRecords.update(tokenId, {
        required,
        optional,
        terms: { ...TERMS, revision },
      })
      const row = yield* selectOne('SELECT max(seq) AS last FROM redemptions')
      return { revision, lastBefore: Number(row?.['last'] ?? 0) }
    })
    written.then(
      (change) => {
        if (change === undefined) return
        this.changes.push(change)
        this.#endOutdated(current)
      },
      () => undefined,
    )
  }

  /** Ends what waits on the former terms, as a change of terms is followed by it. */
  #endOutdated({ life, store, manager }: Running): void {
    store
      .query(() => pendingRequestRecords.idsAt(this.tokenId, '', MAX_REQUESTS))
      .then((ids) => (life.works ? manager.operator.outdateRequests(ids) : 0))
      .catch(() => undefined)
  }

  /** Nobody new from now on. */
  revoke(): void {
    const { current, disk } = this.inviter
    if (current === undefined || this.builtBeforeRevocation !== undefined) return
    disk.yieldTo(current.life)
    const { tokenId } = this
    const at = Math.floor(this.inviter.wall())
    const note = (built: ReadonlySet<string>) => {
      this.builtBeforeRevocation = built
    }
    const written = current.store.transact(function* () {
      const rows = yield* selectAll(
        "SELECT id FROM redemptions WHERE token_id = ?1 AND state <> 'reserved'",
        tokenId,
      )
      note(new Set(rows.map(({ id }) => String(id))))
      yield* tokenRecords.revoke(tokenId, at)
    })
    written.catch(() => undefined)
  }
}
