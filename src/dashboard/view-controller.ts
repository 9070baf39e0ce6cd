import type { BoardDetails } from './board/board.ts'
import { type Board, EMPTY_BOARD } from './board/board.ts'
import { foldEvents } from './board/fold.ts'
import { FIRST_UI, type UiState } from './board/ui-state.ts'
import type { Key } from './keys/key.ts'
import { press } from './keys/press.ts'
import type { Scene } from './lines/frame.ts'
import type { DashboardSource } from './source.ts'
import type { Words } from './text/words.ts'

/** A scene, and the time it is drawn for. */
export interface Picture extends Scene {
  /** On the source's clock, ms since the epoch. */
  readonly now: number
}

export interface ViewControllerInit {
  readonly source: DashboardSource
  /** Whether there is somewhere to draw now; events are taken all the same. */
  isFree(): boolean
  readonly words: Words
  /** Leaving the view stops the listener. */
  readonly isListeners: boolean
  /** Time between two frames, at least, ms: events are taken and drawn then. */
  readonly frameMs: number
  /** Time between two frames when nothing happens, ms: running times are drawn anew. */
  readonly tickMs: number
}

/**
 * A frame that took so long is followed by so many times that of rest: drawing has a fiftieth of what the process gets.
 */
const REST = 49
/** The longest rest for that, ms: however busy the machine is, the view stays alive. */
const MAX_REST_MS = 1_000

/** Takes the source's events, a frame at a time, and keeps the picture to draw. Knows nothing of the terminal. */
export class ViewController {
  readonly #init: ViewControllerInit
  readonly #watchers = new Set<() => void>()
  #board: Board = EMPTY_BOARD
  #ui: UiState = FIRST_UI
  #details: { readonly of: string; readonly found: BoardDetails | undefined } | undefined
  /** The session and state that were asked about last. */
  #asked: string | undefined
  #picture: Picture
  #drawnAt = 0
  #timer: NodeJS.Timeout | undefined
  #isOn = false
  /** Something has changed since the last picture. */
  #hasNews = false

  constructor(init: ViewControllerInit) {
    this.#init = init
    this.#picture = this.#newPicture()
  }

  start(): void {
    this.#isOn = true
    this.#frame()
  }

  stop(): void {
    this.#isOn = false
    clearTimeout(this.#timer)
  }

  /** @returns true if the person wants to leave: by q, which is asked back where it would cut something short */
  press(key: Key): boolean {
    const { asking, typing } = this.#ui
    const leaves = !typing && isLetter(key, asking ? 'y' : 'q')
    const mustAsk = leaves && !asking && this.#init.isListeners && this.#board.live.size > 0
    this.#ui = asking || leaves ? { ...this.#ui, asking: mustAsk } : this.#pressed(key)
    this.#draw()
    return leaves && !mustAsk
  }

  #pressed(key: Key): UiState {
    const { source, words } = this.#init
    return press(this.#ui, key, { board: this.#board, now: source.now(), words })
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  readonly picture = (): Picture => this.#picture

  #frame(): void {
    const began = performance.now()
    this.#takeAndDraw()
    // The frame is drawn by then. Where others wait for the processor, or sessions for this process, it takes
    // longer; then the view is the one to yield.
    setImmediate(() => {
      const took = performance.now() - began
      const rest = Math.max(this.#init.frameMs - took, Math.min(MAX_REST_MS, REST * took))
      if (this.#isOn) this.#timer = setTimeout(() => this.#frame(), rest)
    })
  }

  #takeAndDraw(): void {
    const events = this.#init.source.take()
    this.#board = foldEvents(this.#board, events)
    const isDue = performance.now() - this.#drawnAt >= this.#init.tickMs
    this.#hasNews ||= events.length > 0
    if (this.#hasNews || isDue) this.#draw()
  }

  /** Draws what is true now, unless nobody takes it: then the next frame does. */
  #draw(): void {
    this.#askForDetails()
    this.#hasNews = true
    if (!this.#init.isFree()) return
    this.#hasNews = false
    this.#drawnAt = performance.now()
    this.#picture = this.#newPicture()
    for (const watcher of this.#watchers) watcher()
  }

  #newPicture(): Picture {
    const { source } = this.#init
    const text = source.note()
    const ui = this.#ui
    return {
      board: this.#board,
      ui,
      note: text === undefined ? undefined : { text },
      details: this.#details?.of === ui.chosen ? this.#details?.found : undefined,
      now: source.now(),
    }
  }

  /** Asks once when a session is looked at, and again when it has moved. */
  #askForDetails(): void {
    const { view, chosen } = this.#ui
    const { source } = this.#init
    if (view !== 'details' || chosen === undefined || source.details === undefined) return
    const wanted = `${chosen} ${this.#board.live.get(chosen)?.state ?? 'over'}`
    if (wanted === this.#asked) return
    this.#asked = wanted
    source.details(chosen).then(
      (found) => {
        this.#details = { of: chosen, found }
        this.#draw()
      },
      // A store that can't be read now: the view shows what it knows itself.
      () => undefined,
    )
  }
}

function isLetter(key: Key, letter: string): boolean {
  return key.name === 'text' && key.text === letter
}
