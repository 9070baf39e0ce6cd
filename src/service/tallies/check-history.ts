import { sha256Hex } from '../../protocol/base/digest.ts'
import type { Role } from '../../protocol/base/role.ts'
import { parseDraft } from '../../protocol/draft/draft.ts'
import { DraftMalformedError } from '../../protocol/errors.ts'
import {
  type HistoryFile,
  MAX_HISTORY_BYTES,
  parseHistory,
} from '../../protocol/history/history-file.ts'
import { canonicalJson } from '../../protocol/json/canonical-json.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { judgeReceipt, type ReceiptVerdict } from '../../protocol/receipt/judge-receipt.ts'
import { partiesOf, type TallyParties } from '../../tally/change-author.ts'
import { readDocument } from '../../tally/document.ts'
import { documentConflicts, type KeyConflict } from '../../tally/document-conflicts.ts'
import { type SyncStop, TallyRefusedError } from '../../tally/errors.ts'
import type { CheckedChanges, JudgedChange } from '../../tally/guard/change-check.ts'
import { DocumentGuard } from '../../tally/guard/guarded-document.ts'
import { HistoryUncheckedError } from '../errors.ts'

export { MAX_HISTORY_BYTES }

/**
 * Why a history is not to be relied on.
 * - `draft`: the draft is none, or of another tally or other parties than the file says
 * - `receipt`: the receipt is of another tally or draft, or a signature under it does not verify
 * - `changes`: the changes make no document of this tally; `why` says more
 * - `hash`: a change is not the one that its line says
 * - `party`: a change is in the name of another party than its line says, or of neither
 * - `signature`: a change is not signed by the party in whose name it is
 * - `heads`: some changes are missing, or there are others
 */
export interface HistoryFault {
  readonly fault: 'draft' | 'receipt' | 'changes' | 'hash' | 'party' | 'signature' | 'heads'
  /** The line in which it is. */
  readonly line: number
  readonly why?: SyncStop
}

/** The findings about a history. */
export interface HistoryChecked {
  readonly tallyId: string
  readonly parties: TallyParties
  /** The first thing that is wrong. */
  readonly fault: HistoryFault | undefined
  readonly changes: number
  /** Changes that each party has signed. */
  readonly signed: Readonly<Record<Role, number>>
  /** Changes that nobody has signed. */
  readonly unsigned: number
  /** The signatures under the draft; undefined if there is no receipt in the file. */
  readonly receipt: ReceiptVerdict | undefined
  /** The document that the changes make; `null` if something is wrong. */
  readonly document: JsonValue
  readonly conflicts: readonly KeyConflict[]
  readonly heads: readonly string[]
}

/** A fault, thrown from where it is found. Never leaves this file. */
class Found extends Error {
  override readonly name = 'Found'
  readonly fault: HistoryFault

  constructor(fault: HistoryFault, options?: ErrorOptions) {
    super(fault.fault, options)
    this.fault = fault
  }
}

/**
 * Checks a history with nothing but itself: draft, receipt, hashes, signatures, and that they make this document. Its
 * changes meet Automerge in a thread.
 * @throws HistoryMalformedError, HistoryUncheckedError; TallyRefusedError `guard_failed`
 */
export async function checkHistory(text: string): Promise<HistoryChecked> {
  const file = parseHistory(text)
  const { tallyId, parties, changes, heads } = file
  const receipt = file.receipt && judgeReceipt(file.receipt)
  const none = { document: null, conflicts: [], signed: { stock: 0, foil: 0 }, unsigned: 0 }
  const facts = { tallyId, parties, changes: changes.length, receipt, heads }
  try {
    checkDraft(file)
    checkReceipted(file, receipt)
    const checked = await judged(file)
    checkLines(file, checked)
    const isSignedBy = (role: Role) => (each: JudgedChange) =>
      each.verdict === 'good' && each.author === role
    const countOf = (is: (each: JudgedChange) => boolean) => checked.changes.filter(is).length
    return {
      ...facts,
      fault: undefined,
      signed: { stock: countOf(isSignedBy('stock')), foil: countOf(isSignedBy('foil')) },
      unsigned: countOf(({ verdict }) => verdict === 'missing'),
      document: JSON.parse(canonicalJson(readDocument(checked.bytes))),
      conflicts: documentConflicts([checked.bytes], parties),
    }
  } catch (error) {
    if (error instanceof Found) return { ...facts, ...none, fault: error.fault }
    throw error
  }
}

function checkDraft({ tallyId, draft, parties }: HistoryFile): void {
  try {
    const parsed = parseDraft(draft)
    const isSame = canonicalJson(partiesOf(parsed)) === canonicalJson({ ...parties })
    if (parsed.tallyId === tallyId && isSame) return
  } catch (error) {
    if (!(error instanceof DraftMalformedError)) throw error
  }
  throw new Found({ fault: 'draft', line: 1 })
}

function checkReceipted(
  { tallyId, draft, parties, receipt }: HistoryFile,
  verdict: ReceiptVerdict | undefined,
): void {
  if (receipt === undefined) return
  const { inviter, invitee, role, ...about } = receipt.receipt
  const [stock, foil] = role === 'stock' ? [inviter, invitee] : [invitee, inviter]
  const isAbout =
    about.tallyId === tallyId &&
    about.draft === sha256Hex(draft) &&
    stock === parties.stock &&
    foil === parties.foil
  const isGood = verdict?.inviter !== 'bad' && verdict?.invitee !== 'bad'
  if (!isAbout || !isGood) throw new Found({ fault: 'receipt', line: 1 })
}

const BEYOND = 'takes too long, or too much memory, to be checked'

async function judged({ tallyId, draft, changes }: HistoryFile): Promise<CheckedChanges> {
  const guard = new DocumentGuard()
  const signatures = changes.flatMap(({ hash, signature }) =>
    signature === null ? [] : [{ change: hash, signature }],
  )
  try {
    const own = { tallyId, draftText: draft, role: 'stock', chunks: [] } as const
    const bytes = changes.map((change) => change.bytes)
    return await guard.guard(own).check(bytes, signatures)
  } catch (error) {
    if (!(error instanceof TallyRefusedError)) throw error
    // That is no word about the history.
    if (error.stop === 'guard_failed') throw error
    if (error.stop === 'too_slow') throw new HistoryUncheckedError(BEYOND, { cause: error })
    throw new Found({ fault: 'changes', line: 2, why: error.stop }, { cause: error })
  } finally {
    await guard.end()
  }
}

function checkLines({ changes, heads }: HistoryFile, checked: CheckedChanges): void {
  const verdicts = new Map(checked.changes.map((each) => [each.change, each]))
  for (const [at, { hash, party }] of changes.entries()) {
    const line = at + 2
    const judgedChange = verdicts.get(hash)
    if (judgedChange === undefined || checked.given[at] !== hash)
      throw new Found({ fault: 'hash', line })
    const { author, verdict } = judgedChange
    if (author === undefined || author !== party) throw new Found({ fault: 'party', line })
    if (verdict === 'bad') throw new Found({ fault: 'signature', line })
  }
  const isWhole = verdicts.size === changes.length && checked.heads.join() === heads.join()
  if (!isWhole) throw new Found({ fault: 'heads', line: changes.length + 2 })
}
