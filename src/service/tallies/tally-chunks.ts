import type { Tallies } from '../../store/ledger/tallies.ts'
import type { TallyChunkStore } from '../../tally/replica-store.ts'

/** The parts of the tallies' documents, as the store keeps them. */
export function tallyChunks(tallies: Tallies): TallyChunkStore {
  return {
    load: (tallyId) => tallies.chunks(tallyId),
    append: (tallyId, chunk) => tallies.appendChunk(tallyId, chunk),
    replaceLater: (tallyId, snapshot) => tallies.replaceLaterChunks(tallyId, snapshot),
  }
}
