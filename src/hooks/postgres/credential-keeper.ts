/** Stands in the place of the server for a database that hooks of the host's own build: there are no credentials of ours. */
export const OWN_HOOKS = 'own hooks'

/** The credentials of both parties, as the side that builds keeps them. */
export interface BuiltCredentials {
  /** The administrator's address, without a password; or `OWN_HOOKS`. */
  readonly server: string
  /** How the parties reach it, without a user. */
  readonly endpoint: string
  /** Of this side's own role. */
  readonly password: string
  readonly partnerPassword: string
}

/** The credential that a partner has given, or this side's own, for one tally. */
export interface PartyCredential {
  readonly endpoint: string
  readonly user: string
  readonly password: string
}

/** Keeps credentials where nothing but an explicit question finds them. */
export interface CredentialKeeper {
  /** Finds the credentials for a tally, or makes them; durable when this resolves. @throws StoreError */
  forBuilding(
    tallyId: string,
    where: Pick<BuiltCredentials, 'server' | 'endpoint'>,
  ): Promise<BuiltCredentials>
  /** Notes that the host's own hooks build this tally's database; durable when this resolves. @throws StoreError */
  noteOwn(tallyId: string): Promise<void>
  /** Finds those of a database that this side has built, or has begun to build, and not removed. @throws StoreError */
  find(tallyId: string): Promise<BuiltCredentials | undefined>
  /** Notes that the database is gone. Its passwords stay: built again, it has the same. @throws StoreError */
  noteRemoved(tallyId: string): Promise<void>
  /** Keeps a partner's; durable when this resolves. @throws StoreError */
  keep(tallyId: string, credential: PartyCredential): Promise<void>
}
