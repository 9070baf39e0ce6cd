import type { AuditDraft } from '../../audit/record/record.ts'
import { parseDraft } from '../../protocol/draft/draft.ts'
import { auditSearch } from '../../store/audit/audit-search.ts'
import { appendAudit, type Query } from '../../store/query/query.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { authorOf, type ChangeSigner, partiesOf, signChange } from '../../tally/change-author.ts'
import { documentChanges, openDocument } from '../../tally/document.ts'
import { namedSignatures } from './audited-signatures.ts'
import type { TallyRecord } from './read-tally.ts'

/** A change without a signature, and the party in whose name it is. */
export interface UnsignedChange {
  readonly change: string
  readonly party: string
}

/**
 * Signs this side's changes of the time before changes were signed, if the audit tells of as many edits: more are not
 * ours.
 * @returns the changes that are not signed after that
 * @throws TallyDocumentDamagedError, DraftMalformedError
 */
export function* signOwnChanges(
  tally: TallyRecord,
  signer: ChangeSigner,
  times: Pick<AuditDraft, 'at' | 'monotonic'>,
): Query<readonly UnsignedChange[]> {
  const { tallyId, redemptionId } = tally
  const unsigned = yield* unsignedChanges(tally)
  const own = unsigned.filter(({ party }) => party === signer.peerId)
  const isAudited = own.length > 0 && own.length <= (yield* auditSearch.editsOf(tallyId))
  const signed = isAudited ? own.map(({ change }) => signChange(signer, tallyId, change)) : []
  yield* tallySignatureRecords.add(tallyId, signed)
  for (const names of namedSignatures(signed)) {
    const data = { event: 'tally.changes_signed', tallyId, ...names }
    yield* appendAudit({ type: 'database', severity: 'info', redemptionId, ...times, data })
  }
  const left = isAudited ? unsigned.filter(({ party }) => party !== signer.peerId) : unsigned
  if (left.length === 0) yield* tallySyncRecords.noteAllSigned(tallyId)
  return left
}

/** Lists the changes of the two parties that are not signed. */
function* unsignedChanges({ tallyId, built }: TallyRecord): Query<readonly UnsignedChange[]> {
  const parties = partiesOf(parseDraft(built.draft.text))
  const signed = new Set((yield* tallySignatureRecords.all(tallyId)).map(({ change }) => change))
  const chunks = yield* tallyChunkRecords.all(tallyId)
  return documentChanges(openDocument(chunks)).flatMap(({ hash, actor }) => {
    const author = authorOf(actor, parties)
    if (author === undefined || signed.has(hash)) return []
    return [{ change: hash, party: parties[author] }]
  })
}
