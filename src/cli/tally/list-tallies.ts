import { syncStatusOf } from '../../service/sync/sync-status.ts'
import { type CheckedTally, checkedTallies } from '../../service/tallies/checked-tallies.ts'
import { tallyPage } from '../../service/tallies/stored-tallies.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId, shortPeer } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { tallyStatusText } from '../text/tally-status.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import { conflictsOf, conflictWords } from './conflict-text.ts'
import { findTally } from './find-tally.ts'
import { tallySyncText } from './sync-text.ts'
import { type TallyDocument, tallyDocument } from './tally-document.ts'
import { brokenLines, tallyBroken } from './tally-fault-text.ts'

/** The tallies, newest first. */
export interface TalliesDocument {
  readonly tallies: readonly TallyDocument[]
  /** How many are listed, and how many there are. */
  readonly shown: number
  readonly total: number
  /** The value of `--before` for the next page; `null`: there are no more. */
  readonly next: string | null
}

/**
 * Lists tallies, each checked.
 * @param flags.before an id: only those that come after it
 * @throws UsageError, CommandFailure `not_found`, `ambiguous_id`; DataDirectoryError, StoreError
 */
export async function listTallies(
  locations: Locations,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<TalliesDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const after = before === undefined ? undefined : (await findTally(store, before)).tallyId
    // One more than is shown: whether there are more.
    const { found, total } = await tallyPage(store, limit + 1, after)
    const listed = found.slice(0, limit)
    const checked = await checkedTallies(store, listed, await context.peerId())
    const tallies: TallyDocument[] = []
    for (const each of checked) {
      const conflicts = isReadable(each) ? await conflictsOf(store, each.tally) : []
      tallies.push(tallyDocument(each, await syncStatusOf(store, each.tally), conflicts))
    }
    const next = found.length > limit ? (tallies.at(-1)?.tallyId ?? null) : null
    return { tallies, shown: tallies.length, total, next }
  })
}

/** True if the document can be read: a draft that is none names no parties. */
function isReadable({ faults }: CheckedTally): boolean {
  return !faults.includes('document_unreadable') && !faults.includes('draft_malformed')
}

/** @throws CommandFailure `tally_broken`, with the document, if one that is listed does not verify */
export function mustVerify(document: TalliesDocument): void {
  const broken = document.tallies.filter(({ verified }) => !verified)
  if (broken.length > 0) throw tallyBroken(broken, broken.length, document)
}

export function talliesText(
  { tallies, next, ...counts }: TalliesDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  if (tallies.length === 0) return line(counts.total === 0 ? 'No tallies yet.' : 'No more.')
  const columns = [
    { title: 'tally' },
    { title: 'status' },
    { title: 'your half' },
    { title: 'partner', shrinkTo: 8 },
    { title: 'peer' },
    { title: 'created' },
    { title: 'document', shrinkTo: 12 },
  ]
  const rows = tallies.map(
    ({ tallyId, status, role, partner, createdAt, verified, sync, conflicts }) => [
      shortId(tallyId, style.relative),
      verified ? tallyStatusText(status) : 'DOES NOT VERIFY',
      role,
      partner.identity['name'] ?? '',
      shortPeer(partner.peerId, style.relative),
      timeText(Date.parse(createdAt), style),
      sync === null ? '' : `${conflictWords(conflicts)}${tallySyncText(sync, style)}`,
    ],
  )
  const broken = brokenLines(tallies.filter(({ verified }) => !verified))
  const all = ofAllText(counts, 'tallies', next === null ? undefined : `--before ${next}`)
  return stacked([renderTable(columns, rows, { width }), ...broken.map(line), ...all])
}
