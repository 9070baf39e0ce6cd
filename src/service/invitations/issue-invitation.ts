import { compact } from '../../protocol/base/compact.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { issuedRecord } from './invitation-records.ts'
import { type InvitationGrant, type Minted, type MintOptions, mint } from './mint.ts'

/**
 * Makes an invitation and stores it. It is durable when this resolves: only then may the link be shown.
 * @param like the invitation that this one was made after
 * @throws LinkTooLongError, AddressError, StoreError
 */
export async function issueInvitation(
  store: RecordStore,
  grant: InvitationGrant,
  options: MintOptions & { readonly like?: string; readonly operator?: Operator },
): Promise<Minted> {
  const { like, operator, ...rest } = options
  const minted = mint(grant, rest)
  await store.transact(function* () {
    yield* tokenRecords.issue(minted.token)
    yield* appendAudit(issuedRecord(minted.token, compact({ like })))
    yield* appendAudit(operatorRecord('token create', { tokenId: minted.token.id }, {}, operator))
  })
  return minted
}
