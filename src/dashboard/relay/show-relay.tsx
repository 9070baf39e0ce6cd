import { render } from 'ink'
import { HOW_INK_DRAWS } from '../how-ink-draws.ts'
import { redrawOnResize } from '../redraw-on-resize.ts'
import { ASCII_GLYPHS, UTF8_GLYPHS } from '../text/glyphs.ts'
import { RelayView, type RelayViewProps } from './RelayView.tsx'

export interface ShowRelayInit extends Omit<RelayViewProps, 'glyphs'> {
  readonly stdout: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
  /** Draw with ASCII only. */
  readonly ascii: boolean
}

/** A relay's view on the screen. */
export interface ShownRelay {
  /** Takes it down; the terminal is as it was before when this resolves. Idempotent. */
  close(): Promise<void>
  /** Resolves when it is down, for whatever reason; rejects if drawing failed. */
  readonly closed: Promise<void>
}

/** Shows a relay on the terminal's other screen, until closed. */
export function showRelay({ stdout, stdin, ascii, ...props }: ShowRelayInit): ShownRelay {
  const app = render(<RelayView {...props} glyphs={ascii ? ASCII_GLYPHS : UTF8_GLYPHS} />, {
    stdout,
    stdin,
    ...HOW_INK_DRAWS,
  })
  const stopResizing = redrawOnResize(stdout, () => app.clear())
  const closed = app.waitUntilExit().then(
    () => stopResizing(),
    (error: unknown) => {
      stopResizing()
      throw error
    },
  )
  // A caller that does not wait for the end must not turn a failed drawing into an unhandled rejection.
  closed.catch(() => undefined)
  return {
    close: async () => {
      app.unmount()
      await closed
    },
    closed,
  }
}
