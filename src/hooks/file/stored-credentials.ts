import type { CredentialRow } from '../../store/databases/database-credentials.ts'
import type { Store } from '../../store/transaction/store.ts'
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
  readonly #store: Store
  readonly #now: () => number

  constructor(store: Store, now: () => number) {
    this.#store = store
    this.#now = now
  }

  async forBuilding(
    tallyId: string,
    where: Pick<BuiltCredentials, 'server' | 'endpoint'>,
  ): Promise<BuiltCredentials> {
    const found = this.#store.read(({ credentials }) => credentials.find(tallyId))
    const begun = found && built(found)
    if (begun !== undefined) return begun
    return await this.#store.write(({ credentials }) => {
      const before = credentials.find(tallyId)
      const row = {
        tallyId,
        ...where,
        user: tallyNames(tallyId).stock,
        password: before?.password ?? newPassword(),
        partnerPassword: before?.partnerPassword ?? newPassword(),
        isRemoved: false,
      }
      credentials.put(row, this.#now())
      return row
    })
  }

  async noteOwn(tallyId: string): Promise<void> {
    const nothing = { endpoint: '', user: '', password: '', partnerPassword: '' }
    const row = { tallyId, server: OWN_HOOKS, ...nothing, isRemoved: false }
    await this.#store.write(({ credentials }) => credentials.put(row, this.#now()))
  }

  async find(tallyId: string): Promise<BuiltCredentials | undefined> {
    const found = this.#store.read(({ credentials }) => credentials.find(tallyId))
    return found && built(found)
  }

  async noteRemoved(tallyId: string): Promise<void> {
    await this.#store.write(({ credentials }) => credentials.noteRemoved(tallyId))
  }

  async keep(tallyId: string, credential: PartyCredential): Promise<void> {
    await this.#store.write(({ credentials }) => {
      const known = credentials.find(tallyId)
      // The same again is not written, and what this side has built is not a partner's to name.
      if (known?.password === credential.password || known?.server !== undefined) return
      const row = { ...credential, tallyId, isRemoved: false }
      credentials.put({ ...row, server: undefined, partnerPassword: undefined }, this.#now())
    })
  }
}

function built(row: CredentialRow): BuiltCredentials | undefined {
  const { server, endpoint, password, partnerPassword, isRemoved } = row
  if (server === undefined || partnerPassword === undefined || isRemoved) return undefined
  return { server, endpoint, password, partnerPassword }
}
