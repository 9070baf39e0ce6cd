import { compact } from '../../protocol/base/compact.ts'
import type { IssuedToken } from '../../store/ledger/tokens.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
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
  store: RecordStore,
  id: string,
  options: MintOptions,
  operator?: Operator,
): Promise<Minted | undefined> {
  const now = Date.now()
  return store.transact(function* () {
    const old = yield* tokenRecords.find(id)
    const uses = old === undefined ? 0 : usesLeft(old)
    if (old === undefined || uses === 0) return undefined
    const { role, label, required, optional, terms, byHand } = old
    const grant = compact({ role, uses, required, optional, terms, label, byHand })
    // Begun anew it makes another one, and only that of the last run is told.
    const minted = mint(grant, options)
    const tokenId = minted.token.id
    if (yield* tokenRecords.revoke(id, now))
      yield* appendAudit(revokedRecord(id, { replacedBy: tokenId }))
    yield* tokenRecords.issue(minted.token)
    yield* appendAudit(issuedRecord(minted.token, { replaces: id }))
    if (old.pausedAt !== undefined && (yield* tokenRecords.pause(tokenId, now)))
      yield* appendAudit(pausedRecord(tokenId, true))
    yield* appendAudit(operatorRecord('token reissue', { tokenId }, { replaces: id }, operator))
    return minted
  })
}

function usesLeft({ uses, used, reserved }: IssuedToken): number | null {
  return uses === null ? null : Math.max(0, uses - used - reserved)
}
