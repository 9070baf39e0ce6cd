import { harmless } from '../text/harmless.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'

// The door: nothing else in src/cli and src/commands writes to a stream. The walls see to it.

/** A stream, or an outlet before one. */
interface Written {
  write(text: string): unknown
}

/** Writes text and an end of line. @returns false if a stream has enough for now */
export function writeScreen(to: Written, text: ScreenText): boolean {
  return to.write(`${text}\n`) !== false
}

/** Writes a line that what comes next takes the place of. Only a terminal has such. */
export function writePassing(to: Written, text: ScreenText): void {
  to.write(`\r\u001b[2K${text}`)
}

/** Colours, and nothing else that terminals obey. */
const COLOUR = new RegExp(`(${'\u001b'}\\[[\\d;]*m)`)

/** Writes lines in which colours stay colours. */
export function writeDrawing(to: Written, drawing: readonly string[]): void {
  const drawn = drawing.map((row) => {
    // Every other piece is a colour.
    return row.split(COLOUR).map((piece, at) => (at % 2 === 1 ? piece : harmless(piece)))
  })
  to.write(`${drawn.map((pieces) => pieces.join('')).join('\n')}\n`)
}

/** Writes a text that programs take by the byte: as it is into a file or a pipe, and made harmless on a terminal. */
export function writeExactly(stream: NodeJS.WriteStream, text: string): void {
  stream.write(stream.isTTY ? lines(text.split('\n')) : text)
}

/** Writes nothing that anybody sees, to learn whether somebody reads. */
export function writeBlank(to: Written): void {
  to.write(line(' '))
}
