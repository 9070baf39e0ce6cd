import type { AuditDraft } from '../../audit/record/record.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/**
 * Notes that two people have compared the words of a tally, and what they found. If they differ, it is marked as not compared
 * again, and there is an alarm in the audit: somebody may stand between the two.
 * @throws StoreError
 */
export function noteCompared(
  store: RecordStore,
  { tallyId, partner }: Pick<TallyRecord, 'tallyId' | 'partner'>,
  isSame: boolean,
  operator?: Operator,
): Promise<void> {
  const { peerId } = partner
  const at = isSame ? Date.now() : undefined
  return store.transact(function* () {
    yield* tallyRecords.setCompared(tallyId, at)
    const told = { tallyId, same: isSame }
    yield* appendAudit(operatorRecord('tally compare', { peerId }, told, operator))
    if (!isSame) yield* appendAudit(differRecord(tallyId, peerId))
  })
}

function differRecord(tallyId: string, peerId: string): AuditDraft {
  const data = { event: 'words.differ', tallyId }
  const times = { at: Date.now(), monotonic: performance.now() }
  return { type: 'security', severity: 'alarm', ...times, peerId, data }
}
