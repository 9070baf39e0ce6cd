import { compact } from '../../protocol/base/compact.ts'
import type { IssuedToken } from '../../store/ledger/tokens.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { issuedRecord, pausedRecord, revokedRecord } from './invitation-records.ts'
import { type Minted, type MintOptions, mint } from './mint.ts'

/**
 * Makes a new invitation of what is left of an old one, and revokes the old one, in one transaction: the
 * uses that are taken, or about to be, stay with the old one. The new one of a paused one is paused too.
 * @returns undefined, having changed nothing, if no use is left
 * @throws LinkTooLongError, AddressError, StoreError
 */
export function reissueInvitation(
  store: Store,
  id: string,
  options: MintOptions,
  operator?: Operator,
): Promise<Minted | undefined> {
  return store.write(({ tokens, audit }) => {
    const old = tokens.find(id)
    const uses = old === undefined ? 0 : usesLeft(old)
    if (old === undefined || uses === 0) return undefined
    const { role, label, required, optional, terms, byHand } = old
    const grant = compact({ role, uses, required, optional, terms, label, byHand })
    const minted = mint(grant, options)
    const tokenId = minted.token.id
    if (tokens.revoke(id, Date.now())) audit.append(revokedRecord(id, { replacedBy: tokenId }))
    tokens.issue(minted.token)
    audit.append(issuedRecord(minted.token, { replaces: id }))
    if (old.pausedAt !== undefined && tokens.pause(tokenId, Date.now()))
      audit.append(pausedRecord(tokenId, true))
    audit.append(operatorRecord('token reissue', { tokenId }, { replaces: id }, operator))
    return minted
  })
}

function usesLeft({ uses, used, reserved }: IssuedToken): number | null {
  return uses === null ? null : Math.max(0, uses - used - reserved)
}
