import { databaseDigest } from '../../protocol/receipt/database-digest.ts'
import type { StoredMarks, Tallies } from '../../store/ledger/tallies.ts'
import type { TallySignatures } from '../../store/sync/tally-signatures.ts'
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
  readonly #tallies: Pick<Tallies, 'marks'>
  readonly #signatures: Pick<TallySignatures, 'find'>
  /** Tallies whose records so far tell something else: as few as are wrong. */
  readonly #drafts = new Set<string>()
  readonly #databases = new Set<string>()
  readonly #unsigned = new Set<string>()
  readonly #changes = new Set<string>()

  constructor(tables: {
    readonly tallies: Pick<Tallies, 'marks'>
    readonly tallySignatures: Pick<TallySignatures, 'find'>
  }) {
    this.#tallies = tables.tallies
    this.#signatures = tables.tallySignatures
  }

  /** @param text a record, sound or not: whether it is one is for others to say */
  see(text: string): void {
    if (!text.includes(NAMES_TALLY)) return
    const data = memberOf(parsed(text), 'data')
    const tallyId = memberOf(data, 'tallyId')
    if (typeof tallyId !== 'string') return
    const stored = this.#tallies.marks(tallyId)
    if (stored !== undefined) this.#compare(tallyId, stored, data as Data)
  }

  /** Names the parts of this tally that are not as the audit tells. */
  faults(tallyId: string): readonly TallyFault[] {
    return [
      ...(this.#drafts.has(tallyId) ? ['audit' as const] : []),
      ...(this.#databases.has(tallyId) ? ['database' as const] : []),
      ...(this.#unsigned.has(tallyId) ? ['receipt_missing' as const] : []),
      ...(this.#changes.has(tallyId) ? ['changes_missing' as const] : []),
    ]
  }

  #compare(tallyId: string, stored: StoredMarks, data: Data): void {
    const { draft, database, signed, signatures } = data
    // A tally that was approved again began anew.
    if (typeof draft === 'string') this.#changes.delete(tallyId)
    if (!this.#holds(tallyId, signatures)) this.#changes.add(tallyId)
    if (typeof draft === 'string') put(this.#drafts, tallyId, draft !== stored.draft)
    if (typeof database === 'string')
      put(this.#databases, tallyId, database !== databaseDigest(stored.database))
    if (signed === true && !stored.isSignedByPartner) this.#unsigned.add(tallyId)
  }

  /** True if the signatures that a record names are there. */
  #holds(tallyId: string, named: unknown): boolean {
    if (typeof named !== 'object' || named === null) return true
    return Object.entries(named).every(([change, digest]) => {
      const stored = this.#signatures.find(tallyId, change)
      return stored !== undefined && signatureDigest(stored) === digest
    })
  }
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
