/** Shows the cursor on a terminal. */
const SHOW_CURSOR = '\u001b[?25h'

/**
 * Keeps a log clean: what Ink is made of shows the cursor once more when the process ends, on stderr, whatever that is
 * by then. A terminal may have it.
 */
export function keepCursorOut(stderr: NodeJS.WriteStream): void {
  if (stderr.isTTY) return
  const write = stderr.write.bind(stderr)
  stderr.write = (...words: readonly unknown[]): boolean => {
    return words[0] === SHOW_CURSOR || Reflect.apply(write, undefined, words) === true
  }
}
