import type { AuditDraft } from '../../audit/record/record.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/**
 * Notes that two people have compared the words of a tally, and what they found. If they differ, it is marked as not compared
 * again, and there is an alarm in the audit: somebody may stand between the two.
 * @throws StoreError
 */
export function noteCompared(
  store: Store,
  { tallyId, partner }: Pick<TallyRecord, 'tallyId' | 'partner'>,
  isSame: boolean,
  operator?: Operator,
): Promise<void> {
  return store.write(({ tallies, audit }) => {
    const { peerId } = partner
    tallies.setCompared(tallyId, isSame ? Date.now() : undefined)
    audit.append(operatorRecord('tally compare', { peerId }, { tallyId, same: isSame }, operator))
    if (!isSame) audit.append(differRecord(tallyId, peerId))
  })
}

function differRecord(tallyId: string, peerId: string): AuditDraft {
  const data = { event: 'words.differ', tallyId }
  const times = { at: Date.now(), monotonic: performance.now() }
  return { type: 'security', severity: 'alarm', ...times, peerId, data }
}
