import { speaksUtf8 } from '../text/speaks-utf8.ts'
import { drawQr, type QrCanvas } from './draw.ts'
import { qrModulesOf } from './modules.ts'

/** Whether the code was printed, and if not, why. */
export type QrOutcome = 'printed' | 'no_room' | 'failed'

/**
 * Print the QR code of a text, upper case as it is kept in a code, on a terminal. Never throws: a code
 * that can't be shown takes nothing away from the answer.
 */
export async function printQr(text: string, stream: NodeJS.WriteStream): Promise<QrOutcome> {
  try {
    const lines = drawQr(await qrModulesOf(text), canvasOf(stream, process.env))
    if (lines === undefined) return 'no_room'
    stream.write(`${lines.join('\n')}\n`)
    return 'printed'
  } catch {
    return 'failed'
  }
}

/** What this stream and this environment can show. */
export function canvasOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): QrCanvas {
  return {
    columns: stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY,
    rows: stream.isTTY ? stream.rows : Number.POSITIVE_INFINITY,
    unicode: speaksUtf8(env),
    color: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  }
}
