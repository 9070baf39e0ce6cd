/** Nothing on the screen, the cursor at its beginning. */
const ERASE_SCREEN = '\u001b[2J\u001b[H'

/**
 * Terminals move what is on the screen in ways of their own when its size changes, and Ink draws only what it takes to
 * be changed: so it has to forget, before it hears of the new size, and begin on an empty screen.
 * @param forget makes Ink forget what it has drawn
 * @returns stops watching
 */
export function redrawOnResize(stdout: NodeJS.WritableStream, forget: () => void): () => void {
  const onResize = (): void => {
    forget()
    stdout.write(ERASE_SCREEN)
  }
  stdout.prependListener('resize', onResize)
  return () => void stdout.off('resize', onResize)
}
