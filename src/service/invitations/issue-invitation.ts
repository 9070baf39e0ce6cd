import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { issuedRecord } from './invitation-records.ts'
import { type InvitationGrant, type Minted, type MintInit, mint } from './mint.ts'

/**
 * Mint an invitation and store it. It is durable when this resolves: only then may the link be shown.
 * @param like the invitation that this one was made after
 * @throws LinkTooLongError, AddressError, StoreError
 */
export async function issueInvitation(
  store: Store,
  grant: InvitationGrant,
  init: MintInit & { readonly like?: string; readonly operator?: Operator },
): Promise<Minted> {
  const { like, operator, ...rest } = init
  const minted = mint(grant, rest)
  const trace = like === undefined ? {} : { like }
  await store.write(({ tokens, audit }) => {
    tokens.issue(minted.token)
    audit.append(issuedRecord(minted.token, trace))
    audit.append(operatorRecord('token create', { tokenId: minted.token.id }, {}, operator))
  })
  return minted
}
