import { Dashboard } from './Dashboard.tsx'
import { HOW_INK_DRAWS } from './how-ink-draws.ts'
import { type ShownView, showView, type ViewTerminal } from './show-view.ts'
import type { DashboardSource } from './source.ts'
import { ASCII_GLYPHS, UTF8_GLYPHS } from './text/glyphs.ts'
import type { Words } from './text/words.ts'
import { ViewController } from './view-controller.ts'

/** Time between two frames when nothing happens, ms: bars of some seconds still run smoothly. */
const TICK_MS = 250

export interface DashboardInit extends ViewTerminal {
  readonly source: DashboardSource
  /** Whether the terminal has taken all that was drawn; until then nothing more is. */
  isFree(): boolean
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

/** Shows a listener on the terminal's other screen, until closed. It only reads from its source. */
export function showDashboard(init: DashboardInit): ShownView {
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
  const shown = showView({ stdout, stdin }, (job) => (
    <Dashboard
      controller={controller}
      job={job}
      glyphs={init.ascii ? ASCII_GLYPHS : UTF8_GLYPHS}
      words={words}
      isListeners={isListeners}
      onQuit={() => init.onQuit()}
      onInterrupt={() => init.onInterrupt()}
    />
  ))
  const stop = (): void => controller.stop()
  shown.closed.then(stop, stop)
  return {
    close: async () => {
      stop()
      await shown.close()
    },
    closed: shown.closed,
  }
}
