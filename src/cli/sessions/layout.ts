import { canvasOf } from '../qr/terminal-qr.ts'
import { widthOfTerminal } from '../text/table.ts'
import { type TimeStyle, timeStyleOf } from '../text/time-text.ts'

/** How sessions are drawn on a stream. */
export interface SessionsLayout extends TimeStyle {
  readonly width: number
  readonly unicode: boolean
}

export function layoutOf(stream: NodeJS.WriteStream): SessionsLayout {
  const { unicode } = canvasOf(stream, process.env)
  return { ...timeStyleOf(stream), width: widthOfTerminal(stream), unicode }
}
