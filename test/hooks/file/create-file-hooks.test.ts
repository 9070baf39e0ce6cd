import { join } from 'node:path'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { describeHooks } from '../../contract/hooks-contract.ts'
import { draftFor } from '../../contract/hooks-fixtures.ts'
import { tallyOf, tokenToIssue } from '../../store/fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

describeHooks('file', ['deprovision', 'status', 'verify'], async () => {
  const directory = await temporaryDirectory()
  const store = openStore(join(directory, 'taleus.db'))
  const hooks = createFileHooks({ store, eventFile: join(directory, 'events.jsonl') })
  return {
    hooks,
    issue: async ({ tokenId, secretHash, info }) => {
      const token = {
        ...tokenToIssue(tokenId, info.usesAllowed),
        secretHash,
        role: info.initiatorRole,
        expiresAt: Date.parse(info.expiryUtc),
        required: info.identityRequirements,
        optional: info.identityOptional ?? [],
        terms: info.terms ?? null,
        label: info.label ?? '',
      }
      await store.write(({ tokens }) => tokens.issue(token))
    },
    revoke: async (tokenId) => {
      await store.write(({ tokens }) => tokens.revoke(tokenId, 1))
    },
    keep: async ({ tally, dbConnectionInfo }) => {
      const built = {
        tally,
        database: dbConnectionInfo,
        draft: draftFor(tally.createdBy)(tally.tallyId),
      }
      const record = { ...tallyOf(tally.tallyId, 'redemption-1'), built }
      await store.write(({ tallies }) => tallies.insert(record))
    },
    dispose: () => {
      hooks.audit.flush()
      store.close()
    },
  }
})
