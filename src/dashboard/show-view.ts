import { render } from 'ink'
import type { ReactNode } from 'react'
import { HOW_INK_DRAWS } from './how-ink-draws.ts'
import { JobControl } from './job-control.ts'
import { redrawOnResize } from './redraw-on-resize.ts'

/** The terminal that a view is on. */
export interface ViewTerminal {
  readonly stdout: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
}

/** A view on the screen. */
export interface ShownView {
  /** Takes it down; the terminal is as it was before when this resolves. Idempotent. */
  close(): Promise<void>
  /** Resolves when it is down, for whatever reason; rejects if drawing failed. */
  readonly closed: Promise<void>
}

/**
 * Shows a view on the terminal's other screen, until closed. Keys and signals are taken before anything is drawn:
 * whoever sees the view may type at once, and ^Z would stop the program, or be dropped, with the other screen on.
 * @param view draws, and attaches to the job control
 */
export function showView(
  { stdout, stdin }: ViewTerminal,
  view: (job: JobControl) => ReactNode,
): ShownView {
  const job = new JobControl()
  if (stdin.isTTY) stdin.setRawMode(true)
  const release = (): void => {
    job.release()
    // Ink gives back what its own hooks took; if drawing failed before them, nobody has.
    if (stdin.isRaw) stdin.setRawMode(false)
  }
  try {
    const app = render(view(job), { stdout, stdin, ...HOW_INK_DRAWS })
    const stopResizing = redrawOnResize(stdout, () => app.clear())
    const closed = app
      .waitUntilExit()
      .then(() => undefined)
      .finally(() => {
        stopResizing()
        release()
      })
    // A caller that does not wait for the end must not turn a failed drawing into an unhandled rejection.
    closed.catch(() => undefined)
    return {
      close: async () => {
        app.unmount()
        await closed
      },
      closed,
    }
  } catch (error) {
    release()
    throw error
  }
}
