import {
  checkHistory,
  type HistoryChecked,
  type HistoryFault,
  MAX_HISTORY_BYTES,
} from '../../service/tallies/check-history.ts'
import { withParties } from '../../service/tallies/tally-conflicts.ts'
import type { ErrorCode } from '../errors/error-codes.ts'
import { UsageError } from '../errors/errors.ts'
import { readBounded, readFileBounded } from '../input/read-bounded.ts'
import { jsonText } from '../text/json-text.ts'
import { line, paragraphs, type ScreenText, stacked } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { type ConflictDocument, conflictDocuments, placeText } from './conflict-text.ts'
import { jsonValueText } from './value-text.ts'

/** The findings about a history, as `--json` tells them. */
export interface HistoryVerdict extends Omit<HistoryChecked, 'fault' | 'receipt' | 'conflicts'> {
  /** True only if nothing is wrong, and each change is signed by the party that made it. */
  readonly ok: boolean
  /** The first thing that is wrong; `null` if nothing is. */
  readonly fault: HistoryFault | null
  /** The signatures under the draft; `null` if there is no receipt in the file. */
  readonly receipt: NonNullable<HistoryChecked['receipt']> | null
  readonly conflicts: readonly ConflictDocument[]
}

/**
 * Checks a history from a file, with nothing else at hand.
 * @param source a file, or `-` for standard input
 * @throws UsageError, HistoryMalformedError, HistoryUncheckedError; TallyRefusedError `guard_failed`
 */
export async function verifyHistory(
  source: string,
  stdin: AsyncIterable<unknown>,
): Promise<HistoryVerdict> {
  const bytes =
    source === '-'
      ? await readBounded(stdin, 'standard input', MAX_HISTORY_BYTES)
      : await readFileBounded(source, MAX_HISTORY_BYTES)
  const { fault = null, receipt = null, parties, ...checked } = await checkHistory(textOf(bytes))
  const ok = fault === null && checked.unsigned === 0
  const conflicts = withParties(checked.conflicts, parties)
  return { ...checked, ok, fault, parties, receipt, conflicts: conflictDocuments(conflicts) }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError('the file is not text', { cause })
  }
}

const FAULTS: Readonly<Record<HistoryFault['fault'], string>> = {
  draft: 'the draft is none, or of another tally or other parties',
  receipt: 'the receipt is of another tally or draft, or a signature under it does not verify',
  changes: 'the changes make no document of this tally',
  hash: 'the change is not the one that the line says',
  party: 'the change is in the name of another party than the line says, or of neither',
  signature: 'the change is not signed by the party in whose name it is',
  heads: 'changes are missing, or there are more than there should be',
}

/** Words for why the changes of a history make no document of its tally. */
const WHY: Readonly<Record<NonNullable<HistoryFault['why']>, string>> = {
  forked: 'two different changes have one name',
  draft: 'they touch the draft',
  invalid: 'they are damaged, or build on some that are missing',
  too_large: 'it would be too large',
  too_slow: 'they take too long, or too much memory',
  forged: 'one is not signed',
  unsigned: 'one is not signed',
  own_damaged: 'the draft can’t be read',
  guard_failed: 'what reads them has failed, here',
}

/** The reason that a history is not to be relied on. */
export interface HistoryRefusal {
  readonly code: ErrorCode
  readonly detail: string
}

/** Says why a history does not hold; undefined if it does. */
export function historyRefusal({ fault, unsigned }: HistoryVerdict): HistoryRefusal | undefined {
  if (fault !== null) {
    const why = fault.why === undefined ? '' : `: ${WHY[fault.why]}`
    return { code: 'history_broken', detail: `line ${fault.line}: ${FAULTS[fault.fault]}${why}` }
  }
  if (unsigned === 0) return undefined
  return { code: 'history_unsigned', detail: `${unsigned} of them` }
}

/** The parties, what they have signed, and the document that comes of it, for people. */
export function historyVerdictText(verdict: HistoryVerdict, width: number): ScreenText {
  const { tallyId, parties, changes, signed, unsigned, receipt, document, conflicts } = verdict
  const rows = [
    ['tally', tallyId],
    ['stock', `${parties.stock}: ${changesText(signed.stock)} signed`],
    ['foil', `${parties.foil}: ${changesText(signed.foil)} signed`],
    ['not signed', unsigned === 0 ? '' : changesText(unsigned)],
    ['draft', draftText(receipt)],
    ...conflicts.map(({ key, inside, values }) => [
      'not settled',
      `${placeText(key, inside)}: ${values.map(({ value }) => jsonValueText(value)).join(' or ')}`,
    ]),
  ].filter(([, value]) => value !== '')
  const facts = renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
  const count = changesText(changes)
  const head = line(unsigned === 0 ? `Whole: ${count}, each signed by who made it.` : `${count}.`)
  return paragraphs([stacked([head, facts]), jsonText(document, 2)])
}

function changesText(count: number): string {
  return `${count} change${count === 1 ? '' : 's'}`
}

function draftText(receipt: HistoryVerdict['receipt']): string {
  const sides = (['inviter', 'invitee'] as const).filter((side) => receipt?.[side] === 'good')
  if (sides.length === 2) return 'signed by both'
  return sides.length === 1
    ? `signed by the ${sides[0]} only`
    : 'no receipt: nobody has signed it here'
}
