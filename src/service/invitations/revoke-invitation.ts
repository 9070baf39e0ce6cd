import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { revokedRecord } from './invitation-records.ts'

/**
 * Takes an invitation back. Committed uses stay, sessions under way may finish.
 * @returns false if it was revoked before; then nothing was changed or recorded
 * @throws StoreError
 */
export function revokeInvitation(store: Store, id: string, operator?: Operator): Promise<boolean> {
  return store.write(({ tokens, audit }) => {
    if (!tokens.revoke(id, Date.now())) return false
    audit.append(revokedRecord(id))
    audit.append(operatorRecord('token revoke', { tokenId: id }, {}, operator))
    return true
  })
}
