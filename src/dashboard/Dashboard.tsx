import { useWindowSize } from 'ink'
import { useSyncExternalStore } from 'react'
import type { JobControl } from './job-control.ts'
import { frameLines } from './lines/frame.ts'
import { Screenful } from './Screenful.tsx'
import type { Glyphs } from './text/glyphs.ts'
import type { Words } from './text/words.ts'
import { useViewTerminal } from './use-view-terminal.ts'
import type { ViewController } from './view-controller.ts'

export interface DashboardProps {
  readonly controller: ViewController
  readonly job: JobControl
  readonly glyphs: Glyphs
  readonly words: Words
  /** Leaving the view stops the listener. */
  readonly isListeners: boolean
  /** Called on q, and the answer to what it asks. */
  onQuit(): void
  /** Called on ^C, which is only a key here. */
  onInterrupt(): void
}

/** The whole view: draws the controller's picture, and passes it the keys. */
export function Dashboard(props: DashboardProps) {
  const { controller, job, glyphs, words, isListeners, onQuit, onInterrupt } = props
  const { columns, rows } = useWindowSize()
  const picture = useSyncExternalStore(controller.subscribe, controller.picture)
  useViewTerminal({
    job,
    onInterrupt,
    onKey: (key) => {
      if (controller.press(key)) onQuit()
    },
  })
  const screen = { columns, rows, glyphs, words, isListeners, now: picture.now }
  return <Screenful lines={frameLines(picture, screen)} />
}
