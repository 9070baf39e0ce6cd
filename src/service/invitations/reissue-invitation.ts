import type { IssuedToken } from '../../store/ledger/tokens.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { issuedRecord, revokedRecord } from './invitation-records.ts'
import { type Minted, type MintInit, mint } from './mint.ts'

/**
 * A new secret for what is left of an invitation, and the end of the old one, in one transaction: the
 * uses that are taken, or about to be, stay with the old one.
 * @returns undefined, having changed nothing, if no use is left
 * @throws LinkTooLongError, AddressError, StoreError
 */
export function reissueInvitation(
  store: Store,
  id: string,
  init: MintInit,
  operator?: Operator,
): Promise<Minted | undefined> {
  return store.write(({ tokens, audit }) => {
    const old = tokens.find(id)
    const uses = old === undefined ? 0 : usesLeft(old)
    if (old === undefined || uses === 0) return undefined
    const { role, label, required, optional, terms } = old
    const named = label === undefined ? {} : { label }
    const minted = mint({ role, uses, required, optional, terms, ...named }, init)
    const tokenId = minted.token.id
    if (tokens.revoke(id, Date.now())) audit.append(revokedRecord(id, { replacedBy: tokenId }))
    tokens.issue(minted.token)
    audit.append(issuedRecord(minted.token, { replaces: id }))
    audit.append(operatorRecord('token reissue', { tokenId }, { replaces: id }, operator))
    return minted
  })
}

function usesLeft({ uses, used, reserved }: IssuedToken): number | null {
  return uses === null ? null : Math.max(0, uses - used - reserved)
}
