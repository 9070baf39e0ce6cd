import { databaseDigest } from '../../protocol/receipt/database-digest.ts'
import type { Query } from '../../store/query/query.ts'
import { type StoredMarks, tallyRecords } from '../../store/records/tally-records.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { signatureDigest } from './audited-signatures.ts'
import type { TallyFault } from './tally-fault.ts'

/** A part of each record that tells of a tally; others are not parsed. */
const NAMES_TALLY = '"tallyId":"'

type Data = Readonly<Record<string, unknown>>

/**
 * Compares what the audit names of tallies with what is stored, record by record: drafts, databases, whether the
 * partner has signed, and the signatures under changes. The last record of a tally counts: one that was only held may have been approved again, with
 * another draft.
 */
export class AuditedDrafts {
  /** Tallies whose records so far tell something else: as few as are wrong. */
  readonly #drafts = new Set<string>()
  readonly #databases = new Set<string>()
  readonly #unsigned = new Set<string>()
  readonly #changes = new Set<string>()

  /** Names the parts of this tally that are not as the audit tells. */
  faults(tallyId: string): readonly TallyFault[] {
    return [
      ...(this.#drafts.has(tallyId) ? ['audit' as const] : []),
      ...(this.#databases.has(tallyId) ? ['database' as const] : []),
      ...(this.#unsigned.has(tallyId) ? ['receipt_missing' as const] : []),
      ...(this.#changes.has(tallyId) ? ['changes_missing' as const] : []),
    ]
  }

  /** @param text a record, sound or not: whether it is one is for others to say */
  *see(text: string): Query<void> {
    if (!text.includes(NAMES_TALLY)) return
    const data = memberOf(parsed(text), 'data')
    const tallyId = memberOf(data, 'tallyId')
    if (typeof tallyId !== 'string') return
    const stored = yield* tallyRecords.marks(tallyId)
    if (stored !== undefined) yield* this.#compare(tallyId, stored, data as Data)
  }

  *#compare(tallyId: string, stored: StoredMarks, data: Data): Query<void> {
    const { draft, database, signed, signatures } = data
    // A tally that was approved again began anew.
    if (typeof draft === 'string') this.#changes.delete(tallyId)
    if (!(yield* holds(tallyId, signatures))) this.#changes.add(tallyId)
    if (typeof draft === 'string') put(this.#drafts, tallyId, draft !== stored.draft)
    if (typeof database === 'string')
      put(this.#databases, tallyId, database !== databaseDigest(stored.database))
    if (signed === true && !stored.isSignedByPartner) this.#unsigned.add(tallyId)
  }
}

/** True if the signatures that a record names are there. */
function* holds(tallyId: string, named: unknown): Query<boolean> {
  if (typeof named !== 'object' || named === null) return true
  const digests = Object.entries(named)
  const changes = digests.map(([change]) => change)
  const stored = yield* tallySignatureRecords.of(tallyId, changes)
  const found = new Map(stored.map((each) => [each.change, signatureDigest(each)]))
  return digests.every(([change, digest]) => found.get(change) === digest)
}

function put(among: Set<string>, tallyId: string, isIn: boolean): void {
  if (isIn) among.add(tallyId)
  else among.delete(tallyId)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}
