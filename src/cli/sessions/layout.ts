import { speaksUtf8 } from '../text/speaks-utf8.ts'
import { type TableLayout, widthOfTerminal } from '../text/table.ts'
import { type TimeStyle, timeStyleOf } from '../text/time-text.ts'

/** The layout of sessions on a stream. */
export interface SessionsLayout extends TimeStyle, TableLayout {
  readonly unicode: boolean
}

export function layoutOf(stream: NodeJS.WriteStream): SessionsLayout {
  const [width, unicode] = [widthOfTerminal(stream), speaksUtf8(process.env)]
  return { ...timeStyleOf(stream), width, unicode }
}
