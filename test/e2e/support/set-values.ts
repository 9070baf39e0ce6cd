import { randomBytes } from 'node:crypto'
import { changeSigner } from '../../../src/service/tallies/change-signer.ts'
import { editTally } from '../../../src/service/tallies/edit-tally.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { readKey } from '../../../src/store/directory/key-file.ts'
import { openStore } from '../../../src/store/transaction/store.ts'

/**
 * Sets keys of a tally to texts of so many characters that nothing makes any shorter: longer ones than `tally set` takes, as
 * another program may.
 */
export async function setLongTexts(
  path: string,
  tallyId: string,
  lengths: Readonly<Record<string, number>>,
): Promise<void> {
  const directory = openDataDirectory(path)
  const signer = changeSigner(readKey(directory) ?? new Uint8Array(0))
  const store = openStore(directory.storeFile)
  try {
    const tally = store.read(({ tallies }) => tallies.find(tallyId))
    if (tally === undefined) throw new Error(`there is no tally ${tallyId}`)
    for (const [key, length] of Object.entries(lengths)) {
      const value = randomBytes(length).toString('base64').slice(0, length)
      await editTally(store, tally, { key, value, at: Date.now() }, signer)
    }
  } finally {
    store.close()
  }
}
