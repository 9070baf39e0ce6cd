import { join } from 'node:path'
import { peerIdOfKeyBytes } from '../../src/network/identity/key-bytes.ts'
import { GuardTurns } from '../../src/service/sync/guard-turns.ts'
import { StoredReplicas } from '../../src/service/sync/stored-replicas.ts'
import { changeSigner } from '../../src/service/tallies/change-signer.ts'
import { editTally } from '../../src/service/tallies/edit-tally.ts'
import { tallySyncRecords } from '../../src/store/sync/tally-sync-records.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { benchTally, EDITED, TALLY_IDS } from './bench-tallies.ts'

/** Keys of the two parties, as in their key files. */
export interface BenchKeys {
  readonly stock: Uint8Array
  readonly foil: Uint8Array
}

/** Makes two stores that have met once, and sets something in some of one's documents since. @returns their files */
export async function prepareStores(directory: string, keys: BenchKeys) {
  const files = { stock: join(directory, 'stock.db'), foil: join(directory, 'foil.db') }
  const parties = { stock: peerIdOfKeyBytes(keys.stock), foil: peerIdOfKeyBytes(keys.foil) }
  for (const role of ['stock', 'foil'] as const) {
    const store = openStore(files[role])
    const tallies = TALLY_IDS.map((id) => benchTally(id, role, parties))
    await store.write((tables) => {
      for (const tally of tallies) tables.tallies.insert(tally)
    })
    const signer = changeSigner(keys[role])
    const partner = parties[role === 'stock' ? 'foil' : 'stock']
    const ports = { store, turns: new GuardTurns(), signer, now: Date.now }
    const replicas = new StoredReplicas(ports, partner)
    await replicas.equal(await replicas.all())
    const edited = role === 'foil' ? tallies.slice(0, EDITED) : []
    for (const [nth, tally] of edited.entries()) {
      await editTally(store, tally, { key: 'note', value: `lunch ${nth}`, at: Date.now() }, signer)
    }
    store.close()
  }
  return { files, parties }
}

/** Says what two stores do not have in common that they should; undefined: nothing. */
export async function differenceOf(files: { readonly stock: string; readonly foil: string }) {
  const stores = [openStore(files.stock), openStore(files.foil)] as const
  try {
    const heads = async (store: Store, id: string) =>
      (await store.query(() => tallySyncRecords.find(id))).heads?.join()
    let apart = 0
    for (const id of TALLY_IDS) {
      const [ours, theirs] = await Promise.all(stores.map((store) => heads(store, id)))
      if (ours === undefined || ours !== theirs) apart += 1
    }
    return apart === 0 ? undefined : `${apart} tallies are not equal`
  } finally {
    for (const store of stores) store.close()
  }
}
