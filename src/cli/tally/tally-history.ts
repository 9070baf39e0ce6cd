import { thoroughlyChecked } from '../../service/tallies/checked-tallies.ts'
import {
  exportedHistory,
  type TallyEvent,
  tallyHistory,
} from '../../service/tallies/tally-history.ts'
import { withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { openSink } from '../output/open-sink.ts'
import { pour } from '../output/text-sink.ts'
import { parseMoment } from '../text/moment.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { isoTime, type TimeStyle, timeText } from '../text/time-text.ts'
import { authorText, type PartnerNamed } from './author-text.ts'
import { findKeptTally } from './find-tally.ts'
import { tallyBroken } from './tally-fault-text.ts'
import { jsonValueText } from './value-text.ts'

type Keys = TallyEvent['keys']

/** A change of a tally, the same on both sides. */
export interface ChangeDocument {
  /** SHA-256, as Automerge has it. */
  readonly change: string
  /** The party in whose name it is; `null` for the draft, which both have agreed on. */
  readonly party: string | null
  /** That party's half. */
  readonly role: 'stock' | 'foil' | null
  /** `signed`, by that party. `unsigned`: made before changes were signed. `bad`: the signature does not verify. */
  readonly signed: TallyEvent['signed']
  /** When, by its author’s word, to the second. */
  readonly saidAt: string
  /** The keys that it set. Without `before` there was nothing, without `after` it was removed. */
  readonly keys: Keys
  /** Keys for which the other side has set another value at the same time, until somebody settles it. */
  readonly unsettled: readonly string[]
}

/** The changes of a tally, in causal order: each change behind those that its author knew of. */
export interface HistoryDocument {
  readonly tallyId: string
  readonly changes: readonly ChangeDocument[]
  readonly shown: number
  readonly total: number
}

export interface HistoryTold {
  readonly document: HistoryDocument
  readonly partner: PartnerNamed
}

export interface HistoryOptions {
  readonly limit: number
  readonly key?: string | undefined
  readonly since?: string | undefined
}

/**
 * Reads the history of a tally, the newest changes of it.
 * @throws CommandFailure `lives_in_postgres`, `not_found`, `ambiguous_id`; UsageError, StoreError, TallyDocumentDamagedError
 */
export async function readTallyHistory(
  locations: Locations,
  id: string,
  { limit, key, since }: HistoryOptions,
): Promise<HistoryTold> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const tally = await findKeptTally(store, id)
    const moment = parseMoment(since, Date.now(), '--since')
    const { events, total } = await tallyHistory(store, tally, { key, since: moment, limit })
    const changes = events.map(changeDocument)
    const document = { tallyId: tally.tallyId, changes, shown: changes.length, total }
    return { document, partner: tally.partner }
  })
}

/**
 * Writes a tally's whole history into a file of its own, mode 0600.
 * @throws CommandFailure `tally_broken`, `lives_in_postgres`, `not_found`, `ambiguous_id`; FileExistsError, OutputFileError, UsageError, StoreError
 */
export async function exportHistory(
  locations: Locations,
  id: string,
  { out, force }: { readonly out: string; readonly force: boolean | undefined },
): Promise<{ readonly tallyId: string; readonly file: string; readonly changes: number }> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const tally = await findKeptTally(store, id)
    const peerId = await context.peerId()
    const { faults } = await thoroughlyChecked(store, tally, peerId)
    // What would not be accepted elsewhere is not handed on.
    if (faults.length > 0) throw tallyBroken([{ tallyId: tally.tallyId, faults }], 1)
    const lines = await exportedHistory(store, tally, peerId)
    await pour(lines, await openSink({ out, force }))
    return { tallyId: tally.tallyId, file: out, changes: lines.length - 2 }
  })
}

function changeDocument(event: TallyEvent): ChangeDocument {
  const { change, party = null, author = null, signed, at, keys, unsettled } = event
  return { change, party, role: author, signed, saidAt: saidTime(at), keys, unsettled }
}

/** A time that no calendar has is the author's word all the same. */
function saidTime(at: number): string {
  return Number.isNaN(new Date(at).getTime()) ? String(at) : isoTime(at)
}

/** @throws CommandFailure `tally_broken` if a signature does not verify */
export function mustBeSignedBy({ document }: HistoryTold): void {
  const isBad = document.changes.some(({ signed }) => signed === 'bad')
  if (!isBad) return
  const { tallyId } = document
  throw new CommandFailure('tally_broken', {
    detail: `tally ${tallyId} does not verify: a change is not signed by who it says made it`,
    document,
  })
}

const SIGNED: Readonly<Record<ChangeDocument['signed'], string>> = {
  draft: 'the draft',
  signed: 'signed',
  unsigned: 'NOT SIGNED',
  bad: 'BAD SIGNATURE',
}

export function historyText(
  { document, partner }: HistoryTold,
  width: number,
  style: TimeStyle,
): ScreenText {
  const { changes, ...counts } = document
  if (changes.length === 0) return line('No changes.')
  const columns = [
    { title: 'change' },
    { title: 'by' },
    { title: 'said to be' },
    { title: 'signed' },
    { title: 'key' },
    { title: 'value', shrinkTo: 20 },
  ]
  const rows = changes.flatMap((each) => {
    const { change, party, saidAt, signed, keys } = each
    const by = signed === 'draft' ? 'both' : authorText(party, partner, style.relative)
    const time = Date.parse(saidAt)
    const when = signed === 'draft' || Number.isNaN(time) ? '' : timeText(time, style)
    const facts = [style.relative ? change.slice(0, 8) : change, by, when, SIGNED[signed]]
    if (keys.length === 0) return [[...facts, '', 'nothing']]
    return keys.map((key, at) => [
      ...(at === 0 ? facts : ['', '', '', '']),
      key.key,
      keyText(key, each),
    ])
  })
  return stacked([renderTable(columns, rows, { width }), ...ofAllText(counts, 'changes')])
}

function keyText({ key, before, after }: Keys[number], { signed, unsettled }: ChangeDocument) {
  if (signed === 'draft') return ''
  const from = before === undefined ? '' : `${jsonValueText(before)} → `
  const to = after === undefined ? 'removed' : jsonValueText(after)
  return `${from}${to}${unsettled.includes(key) ? ' (not settled)' : ''}`
}
