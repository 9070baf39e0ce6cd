import type { QrForm } from '../../service/invitations/mint.ts'
import { writeDrawing } from '../output/write-screen.ts'
import { speaksUtf8 } from '../text/speaks-utf8.ts'
import { drawQr, type QrCanvas } from './draw.ts'
import { qrModulesOf } from './modules.ts'

/** A QR code as lines for the terminal, and the addresses that it had to leave out. */
export interface FittedQr {
  readonly lines: readonly string[]
  readonly dropped: readonly string[]
}

/**
 * Draws the first of these forms that this terminal has room for.
 * @returns undefined if none has, or the code can't be made: that takes nothing away from the link
 */
export async function fitQr(
  forms: Iterable<QrForm>,
  stream: NodeJS.WriteStream,
): Promise<FittedQr | undefined> {
  const canvas = canvasOf(stream, process.env)
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

export function printQr({ lines }: FittedQr, stream: NodeJS.WriteStream): void {
  writeDrawing(stream, lines)
}

/** The size and abilities of this stream in this environment. */
export function canvasOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): QrCanvas {
  return {
    columns: stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY,
    rows: stream.isTTY ? stream.rows : Number.POSITIVE_INFINITY,
    unicode: speaksUtf8(env),
    color: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  }
}
