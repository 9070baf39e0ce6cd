import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommitSync } from '../../../src/store/commit/commit-sync.ts'
import { LogSync } from '../../../src/store/commit/commit-sync.ts'
import { PATIENCE_MS } from '../../../src/store/commit/patient-work.ts'
import { lostUseRecords } from '../../../src/store/records/lost-use-records.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openMemoryStore, openStore, type Store } from '../../../src/store/transaction/store.ts'
import type {
  EngineInspection,
  EngineUnderTest,
  OpenEngine,
} from '../../contract/session-store/engine.ts'
import { temporaryDirectory } from '../cli/temporary-directory.ts'

/** A disk that takes everything until it breaks. */
class BreakableDisk implements CommitSync {
  readonly #log: LogSync
  isBroken = false

  /** @param path the store's file */
  constructor(path: string) {
    this.#log = new LogSync(path)
  }

  begin(done: (problem?: unknown) => void): void {
    this.#log.begin(this.isBroken ? () => done(new Error('EIO')) : done)
  }

  now(): void {
    if (this.isBroken) throw new Error('EIO')
    this.#log.now()
  }

  close(): void {
    this.#log.close()
  }
}

/** An open store of SQLite as the contract of the port drives it. */
export function engineOn(store: Store, breakDown: () => void): OpenEngine {
  return {
    store,
    inspect: inspectionOf(store),
    addToken: (token) => store.transact(() => tokenRecords.issue(token)),
    revokeToken: async (id, at) => {
      await store.transact(() => tokenRecords.revoke(id, at))
    },
    pauseToken: async (id, at) => {
      await store.transact(() => tokenRecords.pause(id, at))
    },
    changeTerms: async (id, terms) => {
      await store.transact(() => tokenRecords.update(id, terms))
    },
    addDocument: (tallyId, chunk) => {
      const parts = { added: [chunk], isFolded: false }
      return store.transact(() => tallyChunkRecords.add(tallyId, parts))
    },
    breakDown,
    close: () => store.close(),
  }
}

function inspectionOf(store: Store): EngineInspection {
  return {
    session: (id) => store.query(() => sessionRecords.find(id)),
    sessionIds: async () => {
      const sessions = await store.query(() => sessionRecords.list({ limit: 100_000 }))
      return sessions.map(({ id }) => id)
    },
    journal: (id) => store.query(() => sessionRecords.entries(id)),
    token: (id) => store.query(() => tokenRecords.find(id)),
    lostUses: () => store.query(() => lostUseRecords.list(1_000)),
    removal: async (tallyId) => store.read(({ removals }) => removals.find(tallyId)),
    document: async (tallyId) => await store.query(() => tallyChunkRecords.all(tallyId)),
    audit: async () => store.read(({ audit }) => [...audit.rows()]),
    checkpoints: async (peerId) => store.read(({ witnessed }) => witnessed.ofPeer(peerId)),
  }
}

export const SQLITE_IN_MEMORY: EngineUnderTest = {
  name: 'SQLite in memory',
  open: async () => {
    const store = openMemoryStore()
    return engineOn(store, () => store.close())
  },
}

let empty: Promise<Uint8Array> | undefined

/** The bytes of a store's file with nothing in it: a copy is opened faster than a new one is made. */
async function emptyFile(): Promise<Uint8Array> {
  const path = join(await temporaryDirectory(), 'taleus.db')
  openStore(path).close()
  return readFile(path)
}

export const SQLITE_FILE: EngineUnderTest = {
  name: 'SQLite in a file',
  open: async () => {
    empty ??= emptyFile()
    const path = join(await temporaryDirectory(), 'taleus.db')
    await writeFile(path, await empty, { mode: 0o600 })
    const disk = new BreakableDisk(path)
    const store = openStore(path, { sync: disk, patienceMs: PATIENCE_MS })
    return engineOn(store, () => {
      disk.isBroken = true
    })
  },
}
