import type { AuditDraft } from '../../audit/record/record.ts'
import { parseDraft } from '../../protocol/draft/draft.ts'
import type { Repositories } from '../../store/work/repositories.ts'
import { authorOf, type ChangeSigner, partiesOf, signChange } from '../../tally/change-author.ts'
import { documentChanges, openDocument } from '../../tally/document.ts'
import { namedSignatures } from './audited-signatures.ts'
import type { TallyRecord } from './read-tally.ts'

type Tables = Pick<Repositories, 'audit' | 'tallies' | 'tallySignatures' | 'tallySyncs'>

/** A change without a signature, and the party in whose name it is. */
export interface UnsignedChange {
  readonly change: string
  readonly party: string
}

/**
 * Signs this side's changes of the time before changes were signed, if the audit tells of as many edits: more are not
 * ours. Call it while the store is written.
 * @returns the changes that are not signed after that
 * @throws TallyDocumentDamagedError, DraftMalformedError
 */
export function signOwnChanges(
  tables: Tables,
  tally: TallyRecord,
  signer: ChangeSigner,
  times: Pick<AuditDraft, 'at' | 'monotonic'>,
): readonly UnsignedChange[] {
  const { tallyId, redemptionId } = tally
  const unsigned = unsignedChanges(tables, tally)
  const own = unsigned.filter(({ party }) => party === signer.peerId)
  const isAudited = own.length > 0 && own.length <= tables.audit.editsOf(tallyId)
  const signed = isAudited ? own.map(({ change }) => signChange(signer, tallyId, change)) : []
  tables.tallySignatures.add(tallyId, signed)
  for (const names of namedSignatures(signed)) {
    const data = { event: 'tally.changes_signed', tallyId, ...names }
    tables.audit.append({ type: 'database', severity: 'info', redemptionId, ...times, data })
  }
  const left = isAudited ? unsigned.filter(({ party }) => party !== signer.peerId) : unsigned
  if (left.length === 0) tables.tallySyncs.noteAllSigned(tallyId)
  return left
}

/** Lists the changes of the two parties that are not signed. */
function unsignedChanges(
  { tallies, tallySignatures }: Pick<Tables, 'tallies' | 'tallySignatures'>,
  { tallyId, built }: TallyRecord,
): readonly UnsignedChange[] {
  const parties = partiesOf(parseDraft(built.draft.text))
  const signed = new Set(tallySignatures.all(tallyId).map(({ change }) => change))
  return documentChanges(openDocument(tallies.chunks(tallyId))).flatMap(({ hash, actor }) => {
    const author = authorOf(actor, parties)
    if (author === undefined || signed.has(hash)) return []
    return [{ change: hash, party: parties[author] }]
  })
}
