import type { NoteSigner } from '../../../src/audit/checkpoint/note-key.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import type { RecordStore } from '../../../src/store/query/record-store.ts'
import { DeadError, type Life } from './life.ts'
import type { NodeDisk } from './server/node-disk.ts'

/** Sign after so many sessions: often enough that sizes differ between contacts, and not always at their end. */
const SIGN_EVERY = 1

/** What a process does with its store beside its sessions. */
export type SideStore = Pick<RecordStore, 'query' | 'transact'>

export function sideStore(store: SideStore, disk: NodeDisk, life: Life): SideStore {
  return {
    query: (question) => store.query(question),
    transact: async (work) => {
      if (!life.works) throw new DeadError()
      disk.yieldTo(life)
      return await store.transact(work)
    },
  }
}

/** @returns what is called when a session has ended: now and then the audit is signed, or dies on the way */
export function signNowAndThen(store: SideStore, signer: NoteSigner): () => void {
  let ended = 0
  return () => {
    ended += 1
    if (ended % SIGN_EVERY === 0) takeCheckpoint(store, signer).catch(() => undefined)
  }
}
