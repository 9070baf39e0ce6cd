import type { ClientHistory } from './client-history.ts'
import type { Complaint } from './complaint.ts'
import { judgeClosings } from './judge-closings.ts'
import { judgeRecords } from './judge-records.ts'
import { judgeRefusals } from './judge-refusals.ts'
import { judgeTold } from './judge-told.ts'
import { judgeUses } from './judge-uses.ts'
import type { StoredState } from './stored-state.ts'

/**
 * Compares what clients were told with what all stores have in the end.
 * @returns all that can't be so if every promise was kept; a history that can be is given the benefit of the doubt
 */
export function judgeHistory(history: ClientHistory, stored: StoredState): readonly Complaint[] {
  return [
    ...judgeTold(history, stored),
    ...judgeUses(history, stored),
    ...judgeRefusals(history, stored),
    ...judgeClosings(history),
    ...judgeRecords(stored),
  ]
}
