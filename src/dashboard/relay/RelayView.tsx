import { useWindowSize } from 'ink'
import { useEffect, useState } from 'react'
import type { JobControl } from '../job-control.ts'
import { Screenful } from '../Screenful.tsx'
import type { Glyphs } from '../text/glyphs.ts'
import { useViewTerminal } from '../use-view-terminal.ts'
import { relayLines } from './relay-lines.ts'
import type { RelayPicture } from './relay-picture.ts'

/** Time between two looks at the relay, ms. */
const LOOK_MS = 250

export interface RelayViewProps {
  readonly job: JobControl
  readonly glyphs: Glyphs
  picture(): RelayPicture
  /** Whether the terminal has taken all that was drawn; until then nothing more is. */
  isFree(): boolean
  /** Called on q. */
  onQuit(): void
  /** Called on ^C, which is only a key here. */
  onInterrupt(): void
}

/** The whole view of a relay: looks at it a few times a second. */
export function RelayView(props: RelayViewProps) {
  const { job, glyphs, picture, isFree, onQuit, onInterrupt } = props
  const { columns, rows } = useWindowSize()
  const [shown, setShown] = useState(picture)
  const [scroll, setScroll] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      if (isFree()) setShown(picture())
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [picture, isFree])
  useViewTerminal({
    job,
    onInterrupt,
    onKey: (key) => {
      const name = key.name === 'text' ? key.text : key.name
      if (name === 'q') onQuit()
      const step = STEPS[name] ?? 0
      setScroll((at) => Math.min(Math.max(0, at + step), Math.max(0, shown.places.length - 1)))
    },
  })
  return <Screenful lines={relayLines(shown, { columns, rows, glyphs, scroll })} />
}

/** Lines that a key scrolls by. */
const STEPS: Readonly<Record<string, number>> = {
  down: 1,
  j: 1,
  up: -1,
  k: -1,
  'page-down': 10,
  'page-up': -10,
}
