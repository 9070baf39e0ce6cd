import type { QrForm } from '../../service/invitations/mint.ts'
import { writeDrawing } from '../output/write-screen.ts'
import { speaksUtf8 } from '../text/speaks-utf8.ts'
import { widthOfTerminal } from '../text/table.ts'
import { drawQr, type QrCanvas } from './draw.ts'
import { qrModulesOf } from './modules.ts'

/** A QR code as lines for the terminal, and the addresses that it had to leave out. */
export interface FittedQr {
  readonly lines: readonly string[]
  readonly dropped: readonly string[]
}

/**
 * Draws the first of these forms that this terminal has room for.
 * @param below lines that follow, and must not scroll the code away
 * @returns undefined if none has, or the code can't be made: that takes nothing away from the link
 */
export async function fitQr(
  forms: Iterable<QrForm>,
  stream: NodeJS.WriteStream,
  below: readonly string[] = [],
): Promise<FittedQr | undefined> {
  const whole = canvasOf(stream, process.env)
  const canvas = { ...whole, rows: whole.rows - moreRows(below, whole.columns) }
  try {
    for (const { text, dropped } of forms) {
      const lines = drawQr(await qrModulesOf(text), canvas)
      if (lines !== undefined) return { lines, dropped }
    }
  } catch {
    return undefined
  }
  return undefined
}

/** Rows that texts take beyond the one that is always kept for them. */
function moreRows(texts: readonly string[], columns: number): number {
  const rows = texts.reduce((sum, text) => sum + Math.ceil(text.length / columns), 0)
  return Math.max(0, rows - 1)
}

export function printQr({ lines }: FittedQr, stream: NodeJS.WriteStream): void {
  writeDrawing(stream, lines)
}

/** The size and abilities of this stream in this environment. */
export function canvasOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): QrCanvas {
  return {
    columns: widthOfTerminal(stream),
    rows: stream.isTTY && stream.rows > 0 ? stream.rows : Number.POSITIVE_INFINITY,
    unicode: speaksUtf8(env),
    color: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  }
}
