import { DraftMalformedError } from '../../protocol/errors.ts'
import { isChangeSigned } from '../../protocol/sync/change-signature.ts'
import type { Query } from '../../store/query/query.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import { authorOf } from '../../tally/change-author.ts'
import { type DocumentChange, documentChanges, openDocument } from '../../tally/document.ts'
import { originActor } from '../../tally/document-actor.ts'
import { TallyDocumentDamagedError } from '../../tally/errors.ts'
import type { TallyRecord } from './read-tally.ts'
import type { TallyFault } from './tally-fault.ts'
import { partiesOfTally } from './tally-history.ts'

/**
 * Holds the changes of a tally's document against their signatures, some 0.1 ms each. Those that were made before changes
 * were signed may have none. A document or draft that can't be read is found elsewhere.
 */
export function* faultsOfChanges(tally: TallyRecord): Query<readonly TallyFault[]> {
  if (!isOurs(tally.built.database, tally.tallyId)) return []
  try {
    return (yield* areSigned(tally)) ? [] : ['change_signature']
  } catch (error) {
    const isFoundElsewhere =
      error instanceof TallyDocumentDamagedError || error instanceof DraftMalformedError
    if (isFoundElsewhere) return []
    throw error
  }
}

function* areSigned(tally: TallyRecord): Query<boolean> {
  const { tallyId } = tally
  const chunks = yield* tallyChunkRecords.all(tallyId)
  const signatures = new Map(
    (yield* tallySignatureRecords.all(tallyId)).map(({ change, signature }) => [change, signature]),
  )
  if (chunks.length === 0) return signatures.size === 0
  const parties = partiesOfTally(tally)
  const mayLack = (yield* tallySyncRecords.find(tallyId)).isUnsigned
  const made = documentChanges(openDocument(chunks)).filter(
    ({ actor }) => actor !== originActor(tallyId),
  )
  const isSound = ({ hash, actor }: DocumentChange): boolean => {
    const author = authorOf(actor, parties)
    const signature = signatures.get(hash)
    if (signature === undefined) return mayLack
    signatures.delete(hash)
    if (author === undefined) return false
    return isChangeSigned({ tallyId, party: parties[author], change: hash }, signature)
  }
  // Signatures that are left are of no change.
  return made.every(isSound) && signatures.size === 0
}
