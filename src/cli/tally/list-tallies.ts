import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { shortId, shortPeer } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { tallyStatusText } from '../text/tally-status.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import { type TallyDocument, tallyDocument } from './tally-document.ts'

/** The tallies, newest first. */
export interface TalliesDocument {
  readonly tallies: readonly TallyDocument[]
}

/** @throws DataDirectoryError, StoreError */
export async function listTallies(locations: Locations, limit: number): Promise<TalliesDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    return {
      tallies: store.read((repositories) => repositories.tallies.list(limit)).map(tallyDocument),
    }
  })
}

export function talliesText({ tallies }: TalliesDocument, width: number, style: TimeStyle): string {
  if (tallies.length === 0) return 'No tallies yet.'
  const columns = [
    { title: 'tally' },
    { title: 'status' },
    { title: 'your half' },
    { title: 'partner', shrinkTo: 8 },
    { title: 'peer' },
    { title: 'created' },
  ]
  const rows = tallies.map(({ tallyId, status, role, partner, createdAt }) => [
    shortId(tallyId, style.relative),
    tallyStatusText(status),
    role,
    partner.identity['name'] ?? '',
    shortPeer(partner.peerId, style.relative),
    timeText(Date.parse(createdAt), style),
  ])
  return renderTable(columns, rows, { width })
}
