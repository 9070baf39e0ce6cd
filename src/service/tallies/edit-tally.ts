import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { type ChangeSigner, signChange } from '../../tally/change-author.ts'
import { documentHeads } from '../../tally/document.ts'
import { editReplica } from '../../tally/replica-parts.ts'
import type { TallyEdit } from '../../tally/tally-edit.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { namedSignatures } from './audited-signatures.ts'
import { replicaOf, type TallyRecord } from './read-tally.ts'

/**
 * Sets one key of this side's document, and signs the change; durable when this resolves. The partner has it after the
 * next sync. A key that has this value already is left as it is.
 * @throws DraftOverwrittenError, TallyValueError, TallyDocumentDamagedError, StoreError
 */
export async function editTally(
  store: RecordStore,
  tally: TallyRecord,
  edit: Omit<TallyEdit, 'peerId'>,
  signer: ChangeSigner,
  operator?: Operator,
): Promise<void> {
  const { tallyId, redemptionId } = tally
  await store.transact(function* () {
    const own = { ...edit, peerId: signer.peerId }
    const chunks = yield* tallyChunkRecords.all(tallyId)
    const { bytes, hash, parts } = editReplica(chunks, replicaOf(tally), own)
    yield* tallyChunkRecords.add(tallyId, parts)
    const signed = hash === undefined ? [] : [signChange(signer, tallyId, hash)]
    if (signed.length > 0) yield* tallySyncRecords.noteEdit(tallyId, documentHeads(bytes))
    yield* tallySignatureRecords.add(tallyId, signed)
    const data = { tallyId, key: edit.key, ...namedSignatures(signed)[0] }
    yield* appendAudit({ ...operatorRecord('tally set', {}, data, operator), redemptionId })
  })
}
