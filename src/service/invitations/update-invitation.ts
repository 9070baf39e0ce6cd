import { compact } from '../../protocol/base/compact.ts'
import type { OfferedTerms } from '../../session/machine/listener-state.ts'
import type { IssuedToken } from '../../store/ledger/tokens.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type TokenChanges, tokenRecords } from '../../store/records/token-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { updatedRecord } from './invitation-records.ts'
import { checkTerms } from './mint.ts'

/** The new values of an invitation. What is left out stays; an empty label is none. */
export interface InvitationUpdate extends Partial<OfferedTerms> {
  readonly label?: string
}

/** The result of an update: the parts that were other ones before. */
export type InvitationUpdated = TokenChanges | 'full' | 'unknown'

/** How often the terms of one invitation may be changed: each former set of terms is kept for whoever has reserved on it. */
const MAX_REVISIONS = 1_000

/**
 * Offers later invitees other terms, and changes the note to oneself. What was reserved or answered before keeps its terms.
 * Link, role, uses and expiry stay as they are: the link says two of them.
 * @throws RangeError for terms that are too long, StoreError
 */
export async function updateInvitation(
  store: RecordStore,
  id: string,
  update: InvitationUpdate,
  operator?: Operator,
): Promise<InvitationUpdated> {
  if (update.terms !== undefined) checkTerms(update.terms)
  return await store.transact(function* () {
    const old = yield* tokenRecords.find(id)
    if (old === undefined) return 'unknown'
    if (old.revision >= MAX_REVISIONS) return 'full'
    const changes = yield* tokenRecords.update(id, valuesAfter(old, update))
    if (!changes.label && !changes.terms) return changes
    yield* appendAudit(updatedRecord((yield* tokenRecords.find(id)) ?? old, changes))
    yield* appendAudit(operatorRecord('token update', { tokenId: id }, {}, operator))
    return changes
  })
}

/** A field is asked for once: one that is required is not optional any more. */
function valuesAfter(old: IssuedToken, update: InvitationUpdate) {
  const { required = old.required, optional = old.optional, terms = old.terms } = update
  const label = update.label === '' ? undefined : (update.label ?? old.label)
  const welcome = optional.filter((field) => !required.includes(field))
  return { required, optional: welcome, terms, ...compact({ label }) }
}
