import { checkedTallies } from '../../service/tallies/checked-tallies.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId, shortPeer } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { tallyStatusText } from '../text/tally-status.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import { type TallyDocument, tallyDocument } from './tally-document.ts'
import { brokenLines, tallyBroken } from './tally-fault-text.ts'

/** The tallies, newest first. */
export interface TalliesDocument {
  readonly tallies: readonly TallyDocument[]
  /** How many are listed, and how many there are. */
  readonly shown: number
  readonly total: number
}

/** Lists tallies, each checked. @throws DataDirectoryError, StoreError */
export async function listTallies(locations: Locations, limit: number): Promise<TalliesDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const listed = store.read((repositories) => repositories.tallies.list(limit))
    const tallies = checkedTallies(store, listed, await context.peerId()).map(tallyDocument)
    const total = store.read((repositories) => repositories.tallies.count())
    return { tallies, shown: tallies.length, total }
  })
}

/** @throws CommandFailure `tally_broken`, with the document, if one that is listed does not verify */
export function mustVerify(document: TalliesDocument): void {
  const broken = document.tallies.filter(({ verified }) => !verified)
  if (broken.length > 0) throw tallyBroken(broken, broken.length, document)
}

export function talliesText(
  { tallies, ...counts }: TalliesDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  if (tallies.length === 0) return line('No tallies yet.')
  const columns = [
    { title: 'tally' },
    { title: 'status' },
    { title: 'your half' },
    { title: 'partner', shrinkTo: 8 },
    { title: 'peer' },
    { title: 'created' },
  ]
  const rows = tallies.map(({ tallyId, status, role, partner, createdAt, verified }) => [
    shortId(tallyId, style.relative),
    verified ? tallyStatusText(status) : 'DOES NOT VERIFY',
    role,
    partner.identity['name'] ?? '',
    shortPeer(partner.peerId, style.relative),
    timeText(Date.parse(createdAt), style),
  ])
  const broken = brokenLines(tallies.filter(({ verified }) => !verified))
  const below = [...broken, ...ofAllText(counts, 'tallies')].map(line)
  return stacked([renderTable(columns, rows, { width }), ...below])
}
