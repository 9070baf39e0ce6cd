import { keepCursorOut } from '../outlet/keep-cursor-out.ts'

/**
 * Readies this process's terminal for a view, before Ink is loaded.
 * @param onGone called when there is no terminal any more; it may come to be known in several ways at once
 */
export function prepareTerminal(onGone: () => void): void {
  // Ink does not know NO_COLOR, and looks at this when it is loaded.
  if ((process.env['NO_COLOR'] ?? '') !== '') process.env['FORCE_COLOR'] = '0'
  // Nothing can be read or set any more on a terminal that was closed: what fails there first varies.
  process.stdin.on('error', onGone).on('end', onGone)
  keepCursorOut(process.stderr)
}
