import { drawQr } from '../qr/draw.ts'
import { qrModulesOf } from '../qr/modules.ts'
import { canvasOf } from '../qr/terminal-qr.ts'

/** A QR code as lines for the terminal, and the addresses that it had to leave out. */
export interface FittedQr {
  readonly lines: readonly string[]
  readonly dropped: readonly string[]
}

interface QrForm {
  readonly text: string
  readonly dropped: readonly string[]
}

/**
 * The first of these forms that this terminal has room for.
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
