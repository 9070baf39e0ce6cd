import { syncStatusOf } from '../../service/sync/sync-status.ts'
import { thoroughlyChecked } from '../../service/tallies/checked-tallies.ts'
import { readTally, type TallyRecord } from '../../service/tallies/read-tally.ts'
import { tallyDeniedAt } from '../../service/tallies/stored-tallies.ts'
import { cadresOf, type TallyCadres } from '../../service/tallies/tally-cadres.ts'
import { wordsOf } from '../../service/words/tally-words.ts'
import { type Context, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import type { Hinted } from '../text/hint.ts'
import { jsonText } from '../text/json-text.ts'
import { paragraphs, type ScreenText } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { tallyStatusInWords, tallyStatusText } from '../text/tally-status.ts'
import { dateText, isoTime, type TimeStyle } from '../text/time-text.ts'
import { conflictsOf, conflictsText } from './conflict-text.ts'
import { findTally } from './find-tally.ts'
import { withServerDocument } from './server-document.ts'
import { tallySyncText } from './sync-text.ts'
import { type TallyDocument, tallyDocument } from './tally-document.ts'
import { tallyBroken, tallyFaultText } from './tally-fault-text.ts'

type OpenStore = Awaited<ReturnType<Context['store']>>

/** A tally with its document, which reads the same on either side. */
export interface TallyShown extends TallyDocument {
  /** `null` if it does not hold the draft of this tally. */
  readonly document: Awaited<ReturnType<typeof readTally>>
  /** The nodes that each side nominated in the draft. */
  readonly cadre: TallyCadres
  /** When the inviter said that it does not know this tally; `null` if it never did, or knows it again. */
  readonly deniedAt: string | null
  /** The words to compare with the partner’s; `null` as long as its share in them is not here. */
  readonly words: readonly string[] | null
  /** Two people have found them to be the same. */
  readonly compared: boolean
  /** Why the server was not read on which it lives, so that `document` is the draft alone; `null` if that is not so. */
  readonly unread: string | null
}

/**
 * Reads a tally, and checks it.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, TallyDocumentDamagedError
 */
export async function showTally(locations: Locations, id: string): Promise<TallyShown> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const tally = await findTally(store, id)
    const shown = await tallyShown(store, tally, await context.peerId())
    return await withServerDocument(store, tally, shown)
  })
}

/** @throws StoreError, TallyDocumentDamagedError */
export async function tallyShown(
  store: OpenStore,
  tally: TallyRecord,
  localPeer: string,
): Promise<TallyShown> {
  const checked = await thoroughlyChecked(store, tally, localPeer)
  const { faults } = checked
  const isReadable = !faults.includes('document') && !faults.includes('draft_malformed')
  const deniedAt = await tallyDeniedAt(store, tally.tallyId)
  return {
    ...tallyDocument(
      checked,
      await syncStatusOf(store, tally),
      isReadable ? await conflictsOf(store, tally) : [],
    ),
    cadre: cadresOf(tally),
    document: isReadable ? await readTally(store, tally) : null,
    deniedAt: deniedAt === undefined ? null : isoTime(deniedAt),
    words: wordsOf(tally, localPeer) ?? null,
    compared: tally.comparedAt !== undefined,
    unread: null,
  }
}

/** @throws CommandFailure `tally_broken`, with the tally, if it does not verify */
export function mustVerifyTally(tally: TallyShown): void {
  if (!tally.verified) throw tallyBroken([tally], 1, tally)
}

export function tallyText(
  tally: TallyShown,
  width: number,
  style: TimeStyle,
  hinted: Hinted,
): ScreenText {
  const { partner, database, cadre } = tally
  const disclosed = Object.entries(partner.identity).map(([name, value]) => `${name}=${value}`)
  const rows = [
    ['tally', tally.tallyId],
    ['status', statusText(tally)],
    ['denied', hinted(deniedText(tally, style))],
    ['verified', tally.verified ? '' : `NO: ${tallyFaultText(tally.faults)}`],
    ['words', wordsText(tally)],
    ['your half', tally.role],
    ['partner', partner.peerId],
    ['disclosed', disclosed.join(', ')],
    ['cadre', cadre.partner.join(', ')],
    ['your cadre', cadre.own.join(', ')],
    ['database', `${database.engine} ${database.endpoint}`],
    ['not read', tally.unread ?? ''],
    ['document', tally.sync === null ? '' : tallySyncText(tally.sync, style)],
    ['created', dateText(Date.parse(tally.createdAt), style)],
    ['receipt', hinted(receiptText(tally))],
  ].filter(([, value]) => value !== '')
  const facts = renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
  return paragraphs([facts, jsonText(tally.document, 2), ...conflictsText(tally, style, width)])
}

function wordsText({ words, compared }: TallyShown): string {
  if (words === null) return ''
  return `${words.join(' ')} (${compared ? 'compared' : 'not compared'})`
}

/** That both sides have it is not told of one that the inviter denies. */
function statusText({ status, deniedAt, signedBy }: TallyShown): string {
  return deniedAt === null
    ? tallyStatusInWords(status, signedBy.length > 0)
    : tallyStatusText(status)
}

function deniedText({ deniedAt }: TallyShown, style: TimeStyle): string {
  if (deniedAt === null) return ''
  const at = dateText(Date.parse(deniedAt), style)
  return `the inviter said (${at}) that it does not know it: taleus recover --dry-run`
}

function receiptText({ tallyId, signedBy, verified }: TallyShown): string {
  if (!verified) return 'not to be relied on: see above'
  const [first, second] = signedBy
  if (first === undefined) return 'none was signed'
  const who = second === undefined ? `the ${first} alone` : 'both sides'
  return `signed by ${who}: taleus tally receipt ${shortId(tallyId, true)}`
}
