import type { SourceFile } from './source-file.ts'

/** The only files that write on a stream. Why: docs/decisions/0036-one-door-to-the-screen.md */
const DOORS: readonly string[] = [
  'cli/output/write-screen.ts',
  'cli/output/stream-sink.ts',
  // Questions are made harmless there.
  'cli/input/ask.ts',
  // The ways of a stream that nobody waits for.
  'cli/outlet/outlet-of.ts',
  'cli/outlet/stream-outlet.ts',
]
/** The only file that says of a text that it does no harm. */
const MAKER = 'cli/text/screen-text.ts'
/** Rooms whose words get to a screen; the linter keeps all others from its streams. The picture is drawn by Ink. */
const SPEAKING = /^(?:cli|commands)\//

/** A write, and what is written to: stores and sinks are no screens. */
const WRITE = /(?<to>[\w$.#?()]*)\.write\(/g
const NO_SCREEN = /(?:store|sink|store\(\)\))\??$/i
/** Ways of Node and oclif round the door. */
const ROUND_IT =
  /\b(?:console|ux)\.\w+|\.(?:setPrompt|question)\(|\bthis\.log(?:ToStderr)?\(|\bsuper\.log\w*\(/g
const CAST = /\bas ScreenText\b|<ScreenText>\w/g

/** Places that write to a screen past the door, a line each. */
export function rawPrints(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => SPEAKING.test(path))
    .flatMap(({ path, text }) => [
      ...(DOORS.includes(path) ? [] : writesIn(text)).map(told(path, text)),
      ...(path === MAKER ? [] : [...text.matchAll(CAST)]).map(told(path, text)),
    ])
}

function writesIn(text: string): RegExpExecArray[] {
  const writes = [...text.matchAll(WRITE)].filter(
    ({ groups }) => !NO_SCREEN.test(groups?.['to'] ?? ''),
  )
  return [...writes, ...text.matchAll(ROUND_IT)]
}

function told(path: string, text: string): (found: RegExpExecArray) => string {
  return ({ 0: found, index }) => {
    const at = text.slice(0, index).split('\n').length
    return `src/${path}:${at}: ${found} goes round the door: make ScreenText and give it to show, note or writeScreen`
  }
}
