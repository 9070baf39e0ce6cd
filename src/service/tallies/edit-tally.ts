import type { Store } from '../../store/transaction/store.ts'
import { type ChangeSigner, signChange } from '../../tally/change-author.ts'
import { documentHeads } from '../../tally/document.ts'
import { editReplica } from '../../tally/replica-store.ts'
import type { TallyEdit } from '../../tally/tally-edit.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { namedSignatures } from './audited-signatures.ts'
import type { TallyRecord } from './read-tally.ts'
import { tallyChunks } from './tally-chunks.ts'

/**
 * Sets one key of this side's document, and signs the change; durable when this resolves. The partner has it after the
 * next sync. A key that has this value already is left as it is.
 * @throws DraftOverwrittenError, TallyValueError, TallyDocumentDamagedError, StoreError
 */
export async function editTally(
  store: Store,
  { tallyId, built, redemptionId }: TallyRecord,
  edit: Omit<TallyEdit, 'peerId'>,
  signer: ChangeSigner,
  operator?: Operator,
): Promise<void> {
  await store.write(({ tallies, tallySignatures, tallySyncs, audit }) => {
    const own = { ...edit, peerId: signer.peerId }
    const { bytes, hash } = editReplica(tallyChunks(tallies), tallyId, built.draft.text, own)
    const signed = hash === undefined ? [] : [signChange(signer, tallyId, hash)]
    if (signed.length > 0) tallySyncs.noteEdit(tallyId, documentHeads(bytes))
    tallySignatures.add(tallyId, signed)
    const data = { tallyId, key: edit.key, ...namedSignatures(signed)[0] }
    audit.append({ ...operatorRecord('tally set', {}, data, operator), redemptionId })
  })
}
