import { Box, Text, useInput, useStdin, useWindowSize } from 'ink'
import { useSyncExternalStore } from 'react'
import { interruptsIn, keysOf } from './keys/terminal-keys.ts'
import { frameLines } from './lines/frame.ts'
import { readerLines } from './lines/reader-lines.ts'
import { Screenful } from './Screenful.tsx'
import type { Glyphs } from './text/glyphs.ts'
import type { Desk } from './view-controller.ts'

export interface DashboardProps {
  readonly desk: Desk
  readonly glyphs: Glyphs
  /** Sentences instead of columns. */
  readonly isForReader: boolean
  stateInWords(state: string): string
  /** q */
  onQuit(): void
  /** ^C, which is only a key here. */
  onInterrupt(): void
}

/** The whole view: draws what is on the desk, and lays keys on it. */
export function Dashboard(props: DashboardProps) {
  const { desk, glyphs, isForReader, stateInWords } = props
  const { columns, rows } = useWindowSize()
  const picture = useSyncExternalStore(desk.subscribe, desk.picture)
  useKeys(props)
  const screen = { columns, rows, glyphs, stateInWords, now: picture.now }
  if (!isForReader) return <Screenful lines={frameLines(picture, screen)} />
  return (
    <Box flexDirection="column">
      <Text>{readerLines(picture, screen).join('\n')}</Text>
    </Box>
  )
}

function useKeys({ desk, onQuit, onInterrupt }: DashboardProps): void {
  const { isRawModeSupported } = useStdin()
  useInput(
    (input, key) => {
      const interrupts = interruptsIn(input, key)
      for (let n = 0; n < interrupts; n += 1) onInterrupt()
      if (interrupts > 0) return
      for (const each of keysOf(input, key)) {
        if (!desk.isTyping && each.name === 'text' && each.text === 'q') onQuit()
        else desk.press(each)
      }
    },
    { isActive: isRawModeSupported },
  )
}
