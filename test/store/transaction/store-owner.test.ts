import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { checkpointRecords } from '../../../src/store/audit/checkpoint-records.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { provenOwner } from '../../../src/store/transaction/proven-owner.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import { bindStore } from '../../../src/store/transaction/store-owner.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { readNow } from '../../support/store/read-now.ts'

/** A kept store with checkpoints; of the others none has any. */
const SIGNED = 'trail-v14/whole.db'

const somebody = () => peerIdOfKeyBytes(generatePrivateKeyBytes())
const boundTo = (store: Store) => readNow(store, () => metaRecords.get('peer_id'))

async function opened(kept?: string): Promise<Store> {
  const directory = openDataDirectory(await temporaryDirectory())
  if (kept !== undefined) {
    copyFileSync(join(import.meta.dirname, '../../replay', kept), directory.storeFile)
    chmodSync(directory.storeFile, 0o600)
  }
  const store = await openMarkedStore(directory)
  onTestFinished(() => store.close())
  return store
}

describe('a store', () => {
  it('that is new belongs to the party that opens it first, and to no other', async () => {
    const [store, alice, mallory] = [await opened(), somebody(), somebody()]
    await bindStore(store, alice)
    await bindStore(store, alice)
    await expect(bindStore(store, mallory)).rejects.toMatchObject({
      code: 'store_owner',
      owner: alice,
      party: mallory,
    })
    expect(boundTo(store)).toBe(alice)
  })

  it.each(['v13/inviter.db', 'v13/invitee.db', SIGNED])(
    'of an older version, %s, belongs to the party that its records prove',
    async (kept) => {
      const store = await opened(kept)
      const owner = (await provenOwner(store)) ?? ''
      const mallory = somebody()
      await expect(bindStore(store, mallory)).rejects.toMatchObject({ owner, party: mallory })
      expect(boundTo(store)).toBeUndefined()
      await bindStore(store, owner)
      expect(boundTo(store)).toBe(owner)
    },
  )

  it('is proven by its checkpoints alone', async () => {
    const store = await opened(SIGNED)
    const owner = await provenOwner(store)
    await store.transact(function* () {
      for (const { tallyId } of yield* tallyRecords.list(100)) yield* tallyRecords.remove(tallyId)
    })
    expect(await provenOwner(store)).toBe(owner)
    expect(owner).toMatch(/^12D3KooW/)
  })

  it('whose newest checkpoint nobody signed as it stands is known by its tallies', async () => {
    const [store, signed] = [await opened('v13/invitee.db'), await opened(SIGNED)]
    const owner = await provenOwner(store)
    expect(await provenOwner(signed)).not.toBe(owner)
    const { note, ...rest } = newestOf(await signed.query(() => checkpointRecords.latest()))
    await store.transact(() =>
      checkpointRecords.keep({ ...rest, note: note.replace(/\n\d+\n/, '\n9\n') }),
    )
    expect(await provenOwner(store)).toBe(owner)
  })
})

function newestOf<Checkpoint>(latest: Checkpoint | undefined): Checkpoint {
  if (latest === undefined) throw new Error('it has no checkpoint')
  return latest
}
