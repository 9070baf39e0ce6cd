import type { Store } from '../../store/transaction/store.ts'
import { documentHeads } from '../../tally/document.ts'
import { editReplica } from '../../tally/replica-store.ts'
import type { TallyEdit } from '../../tally/tally-edit.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import type { TallyRecord } from './read-tally.ts'
import { tallyChunks } from './tally-chunks.ts'

/**
 * Set one key of this side's document; durable when this resolves. The partner has it after the next sync.
 * @throws DraftOverwrittenError, TallyValueError, TallyDocumentDamagedError, StoreError
 */
export async function editTally(
  store: Store,
  { tallyId, built, redemptionId }: TallyRecord,
  edit: TallyEdit,
  operator?: Operator,
): Promise<void> {
  await store.write(({ tallies, tallySyncs, audit }) => {
    const { bytes } = editReplica(tallyChunks(tallies), tallyId, built.draft.text, edit)
    tallySyncs.noteEdit(tallyId, documentHeads(bytes))
    const { key } = edit
    audit.append({ ...operatorRecord('tally set', {}, { tallyId, key }, operator), redemptionId })
  })
}
