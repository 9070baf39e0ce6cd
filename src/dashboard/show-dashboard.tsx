import { render } from 'ink'
import { Dashboard } from './Dashboard.tsx'
import { HOW_INK_DRAWS } from './how-ink-draws.ts'
import { redrawOnResize } from './redraw-on-resize.ts'
import type { DashboardSource } from './source.ts'
import { ASCII_GLYPHS, UTF8_GLYPHS } from './text/glyphs.ts'
import type { Words } from './text/words.ts'
import { ViewController } from './view-controller.ts'

/** Time between two frames when nothing happens, ms: bars of some seconds still run smoothly. */
const TICK_MS = 250

export interface DashboardInit {
  readonly source: DashboardSource
  /** Whether the terminal has taken all that was drawn; until then nothing more is. */
  isFree(): boolean
  readonly stdout: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
  /** Draw with ASCII only. */
  readonly ascii: boolean
  readonly words: Words
  /** Leaving the view stops the listener: q asks first while sessions are under way. */
  readonly isListeners: boolean
  /** Called when the person wants to leave: q. */
  onQuit(): void
  /** Called on ^C: the terminal sends no signal while the view is on. */
  onInterrupt(): void
}

/** A view on the screen. */
export interface ShownDashboard {
  /** Takes it down; the terminal is as it was before when this resolves. Idempotent. */
  close(): Promise<void>
  /** Resolves when it is down, for whatever reason; rejects if drawing failed. */
  readonly closed: Promise<void>
}

/** Shows a listener on the terminal's other screen, until closed. It only reads from its source. */
export function showDashboard(init: DashboardInit): ShownDashboard {
  const { source, stdout, stdin, words, isListeners } = init
  const controller = new ViewController({
    source,
    isFree: () => init.isFree(),
    words,
    isListeners,
    frameMs: 1_000 / HOW_INK_DRAWS.maxFps,
    tickMs: TICK_MS,
  })
  controller.start()
  const app = render(
    <Dashboard
      controller={controller}
      glyphs={init.ascii ? ASCII_GLYPHS : UTF8_GLYPHS}
      words={words}
      isListeners={isListeners}
      onQuit={() => init.onQuit()}
      onInterrupt={() => init.onInterrupt()}
    />,
    { stdout, stdin, ...HOW_INK_DRAWS },
  )
  const stopResizing = redrawOnResize(stdout, () => app.clear())
  const stop = (): void => {
    controller.stop()
    stopResizing()
  }
  const closed = app.waitUntilExit().then(stop, (error: unknown) => {
    stop()
    throw error
  })
  // A caller that does not wait for the end must not turn a failed drawing into an unhandled rejection.
  closed.catch(() => undefined)
  return {
    close: async () => {
      stop()
      app.unmount()
      await closed
    },
    closed,
  }
}
