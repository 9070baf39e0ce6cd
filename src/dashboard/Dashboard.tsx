import { useApp, useInput, useStdin, useWindowSize } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { stopJob, watchJobControl } from './job-control.ts'
import { interruptsIn, keysOf } from './keys/terminal-keys.ts'
import { frameLines } from './lines/frame.ts'
import { Screenful } from './Screenful.tsx'
import type { Glyphs } from './text/glyphs.ts'
import type { Words } from './text/words.ts'
import type { ViewController } from './view-controller.ts'

export interface DashboardProps {
  readonly controller: ViewController
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
  const { controller, glyphs, words, isListeners } = props
  const { columns, rows } = useWindowSize()
  const picture = useSyncExternalStore(controller.subscribe, controller.picture)
  useKeys(props)
  useJobControl()
  const screen = { columns, rows, glyphs, words, isListeners, now: picture.now }
  return <Screenful lines={frameLines(picture, screen)} />
}

/** ^Z, `fg` and `bg` do what they do with every program. */
function useJobControl(): void {
  const { suspendTerminal } = useApp()
  useEffect(() => watchJobControl(suspendTerminal), [suspendTerminal])
}

function useKeys({ controller, onQuit, onInterrupt }: DashboardProps): void {
  const { isRawModeSupported } = useStdin()
  useInput(
    (input, key) => {
      if (key.ctrl && input === 'z') return stopJob()
      const interrupts = interruptsIn(input, key)
      for (let n = 0; n < interrupts; n += 1) onInterrupt()
      if (interrupts > 0) return
      for (const each of keysOf(input, key)) {
        if (controller.press(each)) onQuit()
      }
    },
    { isActive: isRawModeSupported },
  )
}
