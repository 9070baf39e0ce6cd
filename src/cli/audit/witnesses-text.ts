import type { PartyState } from '../../service/witness/witnessed-parties.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, paragraphs, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortPeer } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import type { WitnessDocument } from './witness-document.ts'
import type { WitnessesDocument } from './witnesses-audit.ts'

const STATES: Readonly<Record<PartyState, string>> = {
  consistent: 'consistent',
  unproven: 'unproven',
  rolled_back: 'ROLLED BACK',
  forked: 'FORKED',
}

/** @param isOne one partner was asked about: in detail */
export function witnessesText(
  { witnesses, forgotten, ...counts }: WitnessesDocument,
  isOne: boolean,
  width: number,
  style: TimeStyle,
): ScreenText {
  const [first] = witnesses
  if (first === undefined) return line('No partner has shown a checkpoint of its audit yet.')
  if (!isOne) return stacked([listText(witnesses, width, style), ...ofAllText(counts, 'partners')])
  const after = 'Forgotten: what this partner shows next is taken as it is.'
  return paragraphs([detailText(first, width, style), ...(forgotten ? [line(after)] : [])])
}

function stateText({ state, verified }: Pick<WitnessDocument, 'state' | 'verified'>): string {
  return verified ? STATES[state] : 'CHANGED HERE'
}

function listText(
  witnesses: readonly WitnessDocument[],
  width: number,
  style: TimeStyle,
): ScreenText {
  const columns = [
    { title: 'partner' },
    { title: 'state' },
    { title: 'records', align: 'right' as const },
    { title: 'unproven', align: 'right' as const },
    { title: 'known since' },
    { title: 'last shown' },
  ]
  const rows = witnesses.map(({ peerId, state, verified, size, unproven, since, seenAt }) => [
    shortPeer(peerId, style.relative),
    stateText({ state, verified }),
    String(size),
    unproven.join(', '),
    timeText(Date.parse(since), style),
    timeText(Date.parse(seenAt), style),
  ])
  return renderTable(columns, rows, { width })
}

function detailText(witness: WitnessDocument, width: number, style: TimeStyle): ScreenText {
  const { peerId, size, root, since, seenAt, sessionId, unproven, contradictions } = witness
  const time = (text: string) => timeText(Date.parse(text), style)
  const rows = [
    ['partner', peerId],
    ['state', stateText(witness)],
    ['records', String(size)],
    ['root', root],
    ['known since', time(since)],
    ['last shown', time(seenAt)],
    ['session', sessionId],
    ['unproven', unproven.join(', ')],
    ...contradictions.map(({ kind, at, sessionId: session, ...sizes }) => [
      STATES[kind],
      `${sizes.size} records shown, ${sizes.againstSize} before; ${time(at)}, session ${session}`,
    ]),
  ].filter(([, value]) => value !== '')
  return renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
}
