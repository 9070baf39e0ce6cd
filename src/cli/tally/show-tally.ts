import { readTally } from '../../service/tallies/read-tally.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { harmless } from '../text/harmless.ts'
import { shortId } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { tallyStatusInWords } from '../text/tally-status.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import { findTally } from './find-tally.ts'
import { type TallyDocument, tallyDocument } from './tally-document.ts'

/** A tally with its document, which reads the same on either side. */
export interface TallyShown extends TallyDocument {
  readonly document: ReturnType<typeof readTally>
}

/** @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, TallyDocumentDamagedError */
export async function showTally(locations: Locations, id: string): Promise<TallyShown> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const tally = findTally(store, id)
    return { ...tallyDocument(tally), document: readTally(store, tally) }
  })
}

export function tallyText(tally: TallyShown, width: number, style: TimeStyle): string {
  const { partner, database } = tally
  const disclosed = Object.entries(partner.identity).map(([name, value]) => `${name}=${value}`)
  const rows = [
    ['tally', tally.tallyId],
    ['status', tallyStatusInWords(tally.status)],
    ['your half', tally.role],
    ['partner', partner.peerId],
    ['disclosed', disclosed.join(', ')],
    ['database', `${database.engine} ${database.endpoint}`],
    ['created', timeText(Date.parse(tally.createdAt), style)],
    ['receipt', receiptText(tally)],
  ].filter(([, value]) => value !== '')
  const facts = renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
  const document = JSON.stringify(tally.document, null, 2).split('\n').map(harmless)
  return [facts, '', ...document].join('\n')
}

function receiptText({ tallyId, signedBy }: TallyShown): string {
  const [first, second] = signedBy
  if (first === undefined) return 'none was signed'
  const who = second === undefined ? `the ${first} alone` : 'both sides'
  return `signed by ${who}: taleus tally receipt ${shortId(tallyId, true)}`
}
