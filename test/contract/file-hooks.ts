import { join } from 'node:path'
import { createFileHooks, type FileHooks } from '../../src/hooks/file/create-file-hooks.ts'
import type { SessionHooks, TokenInfo } from '../../src/hooks/session-hooks.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { tallyOf, tokenToIssue } from '../store/fixtures.ts'
import { temporaryDirectory } from '../support/cli/temporary-directory.ts'
import type { HooksUnderTest } from './hooks-contract.ts'
import { draftFor } from './hooks-fixtures.ts'

/** An invitation as hooks are asked about it. */
export interface TokenToHold {
  readonly tokenId: string
  readonly secretHash: Uint8Array
  readonly info: Omit<TokenInfo, 'tokenId'>
}

/** Puts an invitation into a store. */
export async function holdToken(store: Store, token: TokenToHold): Promise<void> {
  const { tokenId, secretHash, info } = token
  const issued = {
    ...tokenToIssue(tokenId, info.usesAllowed),
    secretHash,
    role: info.initiatorRole,
    expiresAt: Date.parse(info.expiryUtc),
    required: info.identityRequirements,
    optional: info.identityOptional ?? [],
    terms: info.terms ?? null,
    label: info.label ?? '',
  }
  await store.transact(() => tokenRecords.issue(issued))
}

/**
 * Hooks that keep things in files, in a directory of their own.
 * @param lay lays others over them
 */
export async function fileHooksUnderTest(
  lay: (usual: FileHooks, directory: string) => SessionHooks | Promise<SessionHooks> = (usual) =>
    usual,
): Promise<HooksUnderTest> {
  const directory = await temporaryDirectory()
  const store = openStore(join(directory, 'taleus.db'))
  const usual = createFileHooks({ store, eventFile: join(directory, 'events.jsonl') })
  return {
    hooks: await lay(usual, directory),
    issue: (token) => holdToken(store, token),
    revoke: async (tokenId) => {
      await store.transact(() => tokenRecords.revoke(tokenId, 1))
    },
    keep: async ({ tally, dbConnectionInfo: database }) => {
      const draft = draftFor(tally.createdBy)(tally.tallyId)
      const built = { tally, database, draft }
      const record = { ...tallyOf(tally.tallyId, 'redemption-1'), built }
      await store.write(({ tallies }) => tallies.insert(record))
    },
    dispose: () => {
      usual.audit.flush()
      store.close()
    },
  }
}
