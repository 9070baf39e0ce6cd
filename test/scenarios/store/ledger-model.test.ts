import { join } from 'node:path'
import fc from 'fast-check'
import { it } from 'vitest'
import { openStore } from '../../../src/store/transaction/store.ts'
import { walkUses } from '../../contract/session-store/model/any-uses.ts'
import { anySteps, anyUses } from '../../contract/session-store/model/use-walk.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { engineOn } from '../../support/store/sqlite-engine.ts'

it('no more uses are given out than there are by two stores that take turns on one file', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const stores = [openStore(path), openStore(path)]
  const engines = stores.map((store) => engineOn(store, () => store.close()))
  try {
    await fc.assert(
      fc.asyncProperty(anyUses, anySteps, (uses, steps) => walkUses(engines, uses, steps)),
      { numRuns: 60 },
    )
  } finally {
    for (const store of stores) store.close()
  }
})
