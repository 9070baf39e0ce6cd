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
}

/** What `database.provision` also gets. */
export interface ProvisionContext extends HookContext {
  /** The deterministic id of this tally. A hook with ids of its own may return another. */
  readonly tallyId: string
  /** The draft to put into the database, for the tally id given. Pure, same text on every call. */
  draftFor(tallyId: string): DraftText
}

/** What `token.validate` learns about the presented token. */
export interface PresentedToken {
  /** Derived from the secret; safe to log. */
  readonly tokenId: string
  /** SHA-256 of the secret under its own domain, 32 bytes. Compare in constant time. */
  readonly secretHash: Uint8Array
}

/** What an invitation grants. */
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
  readonly label?: string | undefined
}

/** Where the tally's database is, and which tally is in it. */
export interface DatabaseResult {
  readonly tally: TallyReference
  readonly dbConnectionInfo: DatabaseConnection
}

export interface TokenHook {
  /**
   * Is this token good? Called once per contact or inspection, before anything is stored. Must answer
   * an unknown id and a wrong secret alike, with `invalid_token` and in the same time.
   */
  validate(token: PresentedToken, context: HookContext): Promise<TokenInfo | HookRefusal>
  /** For hosts that share tokens between nodes: claim one use. Same redemption, same answer. */
  reserve?(token: TokenInfo, context: HookContext): Promise<true | HookRefusal>
  /**
   * The use is spent for good. Called after the commit point, at least once: what was called for is on record from
   * the commit on, and called again until it resolves, also by a later process. Always with the session that committed.
   */
  markUsed(tokenId: string, sessionId: string, context: HookContext): Promise<void>
  /**
   * False: to this hook `markUsed` is only news, and if a crash swallows it no harm is done. Then nothing is put on
   * record for it, and it is called again only when its peer comes back.
   * @default true
   */
  readonly mustBeTold?: boolean
  /**
   * The use is free again: given back by its session, or its reservation has lapsed. Told once; a crash, or
   * `sessions cancel`, may swallow it, so a host lets what was reserved with it lapse by itself, too.
   */
  release?(tokenId: string, context: HookContext): Promise<void>
}

export interface IdentityHook {
  /** Is this bundle enough? `true`, `false`, or a refusal that names the missing fields. */
  validate(
    bundle: IdentityBundle,
    requirements: readonly string[],
    context: HookContext,
  ): Promise<boolean | HookRefusal>
}

export interface DatabaseHook {
  /**
   * True: `provision` changes nothing outside its answer, so it may be asked before the disk holds that
   * somebody is about to build. One fsync less for each bootstrap.
   * @default false
   */
  readonly leavesNoTrace?: boolean
  /** Build (or find again: same arguments, same database) the tally's database. */
  provision(
    createdBy: Role,
    initiatorPeerId: string,
    respondentPeerId: string,
    sessionId: string,
    context: ProvisionContext,
  ): Promise<DatabaseResult>
  /**
   * Remove what was built. Idempotent. Nothing of that name is built meanwhile; after `signal` is aborted nothing may
   * be removed any more. Without it, databases of given-up redemptions stay.
   */
  deprovision?(tallyId: string, context: HookContext): Promise<void>
  /** What exists for this tally. Without it, a crash between building and recording builds again. */
  status?(tallyId: string, context: HookContext): Promise<DatabaseResult | undefined>
  /** Is what the other side says it built acceptable? Without it only the draft is checked. */
  verify?(built: BuiltDatabase, context: HookContext): Promise<boolean | HookRefusal>
}

/**
 * What `audit.logSession` is told: one committed transition, or one record of the audit that is about a session (a use
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
  /** Told after the commit. What it throws is logged and changes nothing. */
  logSession(sessionId: string, event: SessionAuditEvent): void | Promise<void>
}

/** Where a host plugs in its own policy and storage. Every hook may be slow, throw or hang: only its own session suffers. */
export interface SessionHooks {
  readonly token: TokenHook
  readonly identity: IdentityHook
  readonly database: DatabaseHook
  readonly audit: AuditHook
}
