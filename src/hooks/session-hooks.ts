import type { Role } from '../protocol/base/role.ts'
import type { JsonValue } from '../protocol/json/json-value.ts'
import type {
  BuiltDatabase,
  DatabaseConnection,
  DraftText,
  IdentityBundle,
  RefusalCode,
  TallyReference,
} from '../protocol/message/messages.ts'

/** A "no" from a hook: the code goes to the peer, the reason is shown to people. */
export interface HookRefusal {
  readonly refused: RefusalCode
  readonly reason?: string | undefined
  /** `identity_required`: names of the missing fields. */
  readonly fields?: readonly string[] | undefined
}

/** Given to every hook call. */
export interface HookContext {
  /** Aborted when the step's or the session's deadline fires, or the session ends. */
  readonly signal: AbortSignal
  readonly sessionId: string
  /** Absent until a use is reserved. */
  readonly redemptionId?: string
  /** A number that only grows; a later holder of the same redemption has a higher one. */
  readonly fence?: number
  /** When this call must have answered, milliseconds since the epoch. */
  readonly deadline: number
  /** The peer that the connection authenticated. */
  readonly peerId: string
  /** The older protocol that the peer speaks: it signs and acknowledges nothing. Absent: it speaks ours. */
  readonly protocol?: '1.0.0'
}

/** Given to `database.provision`. */
export interface ProvisionContext extends HookContext {
  /** The deterministic id of this tally. A hook with ids of its own may return another. */
  readonly tallyId: string
  /** Builds the draft to put into the database, for the tally id given. Pure, same text on every call. */
  draftFor(tallyId: string): DraftText
}

/** The token that a peer has shown. */
export interface PresentedToken {
  /** Derived from the secret, 80 bits; safe to log. */
  readonly tokenId: string
  /** SHA-256 of the secret under its own domain, 32 bytes. Compare in constant time. */
  readonly secretHash: Uint8Array
}

/** Given to `token.validate`. */
export interface TokenContext extends HookContext, PresentedToken {}

/** A good token, as `token.validate` may tell of it. */
export interface TokenAnswer {
  readonly initiatorRole: Role
  /** ISO 8601, UTC. */
  readonly expiryUtc: string
  /** Names of disclosure fields that are required, e.g. `['name', 'email']`. @default none */
  readonly identityRequirements?: readonly string[] | null | undefined
  /** Names of disclosure fields that are welcome. @default none */
  readonly identityOptional?: readonly string[] | undefined
  /** `null` for a standing invitation. @default 1, for one tally */
  readonly usesAllowed?: number | null | undefined
  /** Opaque to us. @default none */
  readonly terms?: JsonValue | undefined
  /**
   * The inviter says yes or no to each request by hand, before a use is given. Of a token in taleus's own ledger that was made
   * without, newcomers are refused (`internal`): a yes could take no use of it.
   * @default false; of a token in taleus's own ledger, as it was made
   */
  readonly byHand?: boolean | undefined
  readonly label?: string | undefined
  /**
   * How often the terms of this token were changed in taleus's own ledger: a use is given on the newest ones only.
   * @default not compared: what the hook has just said is what counts
   */
  readonly revision?: number | undefined
  /**
   * `secretHashOf` the token's secret, 64 hex digits: who shows another secret is refused, in constant time.
   * @default none: the peer has shown a secret that the id is derived from, and nobody compares more of it than that
   */
  readonly secretHash?: string | undefined
  /** If told, it must be the one that was asked about. */
  readonly tokenId?: string | undefined
}

/** The rights that an invitation grants. */
export interface TokenInfo {
  readonly tokenId: string
  readonly initiatorRole: Role
  /** ISO 8601, UTC. */
  readonly expiryUtc: string
  /** Names of disclosure fields that are required, e.g. `['name', 'email']`. */
  readonly identityRequirements: readonly string[]
  /** Names of disclosure fields that are welcome. */
  readonly identityOptional?: readonly string[] | undefined
  /** 1 for a one-time token, `null` for a standing invitation. */
  readonly usesAllowed: number | null
  /** Opaque to us. */
  readonly terms?: JsonValue | undefined
  /** The inviter says yes or no to each request by hand, before a use is given. @default false */
  readonly byHand?: boolean | undefined
  readonly label?: string | undefined
  /** As in `TokenAnswer`. */
  readonly revision?: number | undefined
}

/** The tally's database, and the tally in it. */
export interface DatabaseResult {
  readonly tally: TallyReference
  readonly dbConnectionInfo: DatabaseConnection
}

/** The same, as `database.provision` may tell it. */
export interface DatabaseAnswer {
  readonly tally: TallyReference
  readonly dbConnectionInfo: Omit<DatabaseConnection, 'engine'> & {
    /** @default 'unknown' */
    readonly engine?: string | undefined
  }
}

export interface TokenHook {
  /**
   * Checks a token. Called once per contact or inspection, before anything is stored. Must answer
   * an unknown id and a wrong secret alike, with nothing or `invalid_token`, and in the same time.
   *
   * At an inspection the peer has disclosed nothing yet, and `reserve` is not asked: only what is refused here is told in
   * time. Uses that were given by this store are counted there, and asked for in any case. A host that gives uses of one
   * token by several stores, and knows that none is left, answers `used` here, except to a peer (`context.peerId`) that has one.
   * @param token its id, the same one as in every other hook: 16 characters, derived from the secret that was shown
   */
  validate(
    token: string,
    context: TokenContext,
  ): Promise<TokenAnswer | HookRefusal | null | undefined>
  /** Claims one use, for hosts that share tokens between nodes. Same redemption, same answer. */
  reserve?(token: TokenInfo, context: HookContext): Promise<true | HookRefusal>
  /**
   * Marks the use as spent for good. Called after the commit point, at least once: the call is on record from the
   * commit on, and is repeated until it resolves, also by a later process. Always with the session that committed.
   */
  markUsed(tokenId: string, sessionId: string, context: HookContext): Promise<void>
  /**
   * False: `markUsed` may be lost in a crash without harm. Then nothing is put on record for it, and it is called
   * again only when its peer comes back.
   * @default true
   */
  readonly mustBeTold?: boolean
  /**
   * Frees the use again: its session gave it back, or its reservation has lapsed. Called once; a crash, or
   * `sessions cancel`, may prevent the call, so a host lets its own reservations lapse by themselves, too.
   */
  release?(tokenId: string, context: HookContext): Promise<void>
}

export interface IdentityHook {
  /** Checks a bundle. Returns `true`, `false`, or a refusal that names the missing fields. */
  validate(
    bundle: IdentityBundle,
    requirements: readonly string[],
    context: HookContext,
  ): Promise<boolean | HookRefusal>
}

export interface DatabaseHook {
  /**
   * True: `provision` changes nothing outside its answer, so it may be called before it is on disk that a database
   * is about to be built. One fsync less for each bootstrap.
   * @default false
   */
  readonly leavesNoTrace?: boolean
  /** Builds (or finds again: same arguments, same database) the tally's database. */
  provision(
    createdBy: Role,
    initiatorPeerId: string,
    respondentPeerId: string,
    sessionId: string,
    context: ProvisionContext,
  ): Promise<DatabaseAnswer>
  /**
   * Removes what was built. Idempotent. Nothing of that name is built meanwhile; after `signal` is aborted nothing may
   * be removed any more. Without it, databases of given-up redemptions stay.
   */
  deprovision?(tallyId: string, context: HookContext): Promise<void>
  /** Returns what exists for this tally. Without it, a crash between building and recording builds again. */
  status?(tallyId: string, context: HookContext): Promise<DatabaseResult | undefined>
  /** Checks the database that the other side says it built. Without it only the draft is checked. */
  verify?(built: BuiltDatabase, context: HookContext): Promise<boolean | HookRefusal>
}

/**
 * One event for `audit.logSession`: a committed transition, or a record of the audit that is about a session (a use
 * reserved or released, an identity accepted, a database built or removed, a reuse of a token, …) with its `severity`
 * and the ids it is about in `data`. Free of secrets and of what was disclosed.
 */
export interface SessionAuditEvent {
  readonly type: 'state' | 'token' | 'identity' | 'database' | 'error' | 'security'
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly data: Readonly<Record<string, JsonValue>>
}

export interface AuditHook {
  /** Called after the commit. An error that it throws is logged and changes nothing. */
  logSession(sessionId: string, event: SessionAuditEvent): void | Promise<void>
}

/** A host's own policy and storage. Every hook may be slow, throw or hang: only its own session suffers. */
export interface SessionHooks {
  readonly token: TokenHook
  readonly identity: IdentityHook
  readonly database: DatabaseHook
  readonly audit: AuditHook
}

/** The hooks that a host has to bring. */
export interface HostHooks extends Pick<SessionHooks, 'token' | 'database'> {
  /** @default every required field must be there and not blank */
  readonly identity?: IdentityHook | undefined
  /** @default nobody is told; the audit itself is in the store */
  readonly audit?: AuditHook | undefined
}
