import { MemoryStore } from '../../../src/store/memory/memory-store.ts'
import type { EngineInspection, EngineUnderTest } from '../../contract/session-store/engine.ts'

function inspectionOf({ rows }: MemoryStore): EngineInspection {
  return {
    session: async (id) => rows.sessions.get(id)?.summary,
    sessionIds: async () =>
      rows.sessions
        .all()
        .toSorted((a, b) => b.seq - a.seq)
        .map(({ summary }) => summary.id),
    journal: async (id) => rows.journals.get(id)?.entries ?? [],
    token: async (id) => {
      const row = rows.tokens.get(id)
      if (row === undefined) return undefined
      const reserved = rows.reservedOfToken.count(id)
      return { uses: row.uses, reserved, used: rows.takenOfToken.count(id) - reserved }
    },
    lostUses: async () => rows.lostUses.all(),
    removal: async (tallyId) => rows.removals.get(tallyId)?.removal,
    document: async (tallyId) => rows.documents.get(tallyId)?.chunks ?? [],
    audit: async () => rows.audit.all(),
    checkpoints: async (peerId) =>
      rows.witnessedOfPeer.rows(peerId).toSorted((a, b) => a.size - b.size),
  }
}

/** The engine without SQL. @param turns of the event loop that each answer takes */
export function plainEngine(name: string, turns: number): EngineUnderTest {
  return {
    name,
    open: async () => {
      const store = new MemoryStore({ turns })
      return {
        store,
        inspect: inspectionOf(store),
        addToken: async (token) => store.issueToken(token),
        revokeToken: async (id, at) => void store.revokeToken(id, at),
        pauseToken: async (id, at) => store.pauseToken(id, at),
        changeTerms: async (id, terms) => void store.changeTerms(id, terms),
        addDocument: async (tallyId, chunk) => store.addChunk(tallyId, chunk),
        breakDown: () => store.close(),
        close: () => store.close(),
      }
    },
  }
}
