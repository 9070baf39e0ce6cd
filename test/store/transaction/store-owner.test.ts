import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { provenOwner } from '../../../src/store/transaction/proven-owner.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import { bindStore } from '../../../src/store/transaction/store-owner.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const somebody = () => peerIdOfKeyBytes(generatePrivateKeyBytes())
const boundTo = (store: Store) => store.read(({ meta }) => meta.get('peer_id'))

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

  it.each(['v13/inviter.db', 'v13/invitee.db'])(
    'of an older version, %s, belongs to the party that its records prove',
    async (kept) => {
      const store = await opened(kept)
      const owner = store.read(provenOwner) ?? ''
      const mallory = somebody()
      await expect(bindStore(store, mallory)).rejects.toMatchObject({ owner, party: mallory })
      expect(boundTo(store)).toBeUndefined()
      await bindStore(store, owner)
      expect(boundTo(store)).toBe(owner)
    },
  )

  it('whose newest checkpoint is changed is known by its tallies', async () => {
    const store = await opened('v13/inviter.db')
    const owner = store.read(provenOwner)
    await store.write(({ checkpoints }) => {
      const { size = 0, note = '' } = checkpoints.latest() ?? {}
      checkpoints.keep({ size: size + 1, at: 0, note: note.replace(/\n\d+\n/, '\n9\n') })
    })
    expect(store.read(provenOwner)).toBe(owner)
    expect(owner).toMatch(/^12D3KooW/)
  })
})
