import type { HashedEntry } from '../../service/trail/query-trail.ts'
import { dataText } from '../text/audit-text.ts'
import { shortId, shortPeer } from '../text/short-id.ts'
import { CUT_TO_FIT } from '../text/table.ts'
import { harmless, harmlessWithin } from '../text/terminal-text.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'

/** The layout of lines of records. Each is drawn by itself, since the widths of later ones are not known yet. */
export interface LinesLayout extends TimeStyle {
  /** Columns of the terminal, or `Infinity`. */
  readonly width: number
}

const SEQ_WIDTH = 8
/** `2026-11-22T08:00:00.000Z`, or `59 min ago`. */
const [TIME_WIDTH, RELATIVE_WIDTH] = [24, 10]
/** The longest of each: `warning`, `lifecycle`. */
const [SEVERITY_WIDTH, TYPE_WIDTH] = [8, 9]

/** Records for people: number, time, severity, type, what happened, and the session, token and peer. */
export async function* auditLines(
  records: AsyncIterable<HashedEntry>,
  layout: LinesLayout,
): AsyncGenerator<string> {
  const timeWidth = layout.relative ? RELATIVE_WIDTH : TIME_WIDTH
  let isCut = false
  for await (const { entry } of records) {
    const { seq, at, severity, type, data } = entry
    const line = [
      String(seq).padStart(SEQ_WIDTH),
      timeText(at, layout).padEnd(timeWidth),
      severity.padEnd(SEVERITY_WIDTH),
      type.padEnd(TYPE_WIDTH),
      harmless(dataText(data)),
      harmless(aboutText(entry, layout.relative)),
    ].join('  ')
    const fitted = harmlessWithin(line, layout.width)
    isCut ||= fitted !== line
    yield `${fitted.trimEnd()}\n`
  }
  if (isCut) yield `${CUT_TO_FIT}\n`
}

/** `session=k4b2nd7q token=w556hbr6 peer=CfCfWby`. */
function aboutText(
  { sessionId, tokenId, peerId }: HashedEntry['entry'],
  isNarrow: boolean,
): string {
  return [
    ...(sessionId === undefined ? [] : [`session=${shortId(sessionId, isNarrow)}`]),
    ...(tokenId === undefined ? [] : [`token=${shortId(tokenId, isNarrow)}`]),
    ...(peerId === undefined ? [] : [`peer=${shortPeer(peerId, isNarrow)}`]),
  ].join(' ')
}
