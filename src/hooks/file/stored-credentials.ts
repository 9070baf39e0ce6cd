import {
  type CredentialRow,
  databaseCredentialRecords,
} from '../../store/databases/database-credential-records.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import {
  type BuiltCredentials,
  type CredentialKeeper,
  OWN_HOOKS,
  type PartyCredential,
} from '../postgres/credential-keeper.ts'
import { newPassword } from '../postgres/scram-verifier.ts'
import { tallyNames } from '../postgres/tally-names.ts'

/** Credentials in the store, which is for its owner's eyes alone as the key is. */
export class StoredCredentials implements CredentialKeeper {
  readonly #store: RecordStore
  readonly #now: () => number

  constructor(store: RecordStore, now: () => number) {
    this.#store = store
    this.#now = now
  }

  async forBuilding(
    tallyId: string,
    where: Pick<BuiltCredentials, 'server' | 'endpoint'>,
  ): Promise<BuiltCredentials> {
    const found = await this.#store.query(() => databaseCredentialRecords.find(tallyId))
    const begun = found && built(found)
    if (begun !== undefined) return begun
    const made = { password: newPassword(), partnerPassword: newPassword() }
    const now = this.#now()
    return await this.#store.transact(function* () {
      const before = yield* databaseCredentialRecords.find(tallyId)
      const row = {
        tallyId,
        ...where,
        user: tallyNames(tallyId).stock,
        password: before?.password ?? made.password,
        partnerPassword: before?.partnerPassword ?? made.partnerPassword,
        isRemoved: false,
      }
      yield* databaseCredentialRecords.put(row, now)
      return row
    })
  }

  async noteOwn(tallyId: string): Promise<void> {
    const nothing = { endpoint: '', user: '', password: '', partnerPassword: '' }
    const row = { tallyId, server: OWN_HOOKS, ...nothing, isRemoved: false }
    const now = this.#now()
    await this.#store.transact(() => databaseCredentialRecords.put(row, now))
  }

  async find(tallyId: string): Promise<BuiltCredentials | undefined> {
    const found = await this.#store.query(() => databaseCredentialRecords.find(tallyId))
    return found && built(found)
  }

  async noteRemoved(tallyId: string): Promise<void> {
    await this.#store.transact(() => databaseCredentialRecords.noteRemoved(tallyId))
  }

  async keep(tallyId: string, credential: PartyCredential): Promise<void> {
    const now = this.#now()
    await this.#store.transact(function* () {
      const known = yield* databaseCredentialRecords.find(tallyId)
      // The same again is not written, and what this side has built is not a partner's to name.
      if (known?.password === credential.password || known?.server !== undefined) return
      const row = { ...credential, tallyId, isRemoved: false }
      yield* databaseCredentialRecords.put(
        { ...row, server: undefined, partnerPassword: undefined },
        now,
      )
    })
  }
}

function built(row: CredentialRow): BuiltCredentials | undefined {
  const { server, endpoint, password, partnerPassword, isRemoved } = row
  if (server === undefined || partnerPassword === undefined || isRemoved) return undefined
  return { server, endpoint, password, partnerPassword }
}
