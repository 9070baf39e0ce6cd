import { useApp, useInput, useStdin } from 'ink'
import { useEffect } from 'react'
import { type JobControl, stopJob } from './job-control.ts'
import type { Key } from './keys/key.ts'
import { interruptsIn, keysOf } from './keys/terminal-keys.ts'

export interface ViewKeys {
  readonly job: JobControl
  /** Called on ^C, which is only a key here. */
  onInterrupt(): void
  /** Called on each other key. */
  onKey(key: Key): void
}

/** Passes keys to a view; ^Z, `fg` and `bg` do what they do with every program. */
export function useViewTerminal({ job, onInterrupt, onKey }: ViewKeys): void {
  const { isRawModeSupported } = useStdin()
  const { suspendTerminal } = useApp()
  useInput(
    (input, key) => {
      if (key.ctrl && input === 'z') return stopJob()
      const interrupts = interruptsIn(input, key)
      for (let n = 0; n < interrupts; n += 1) onInterrupt()
      if (interrupts === 0) for (const each of keysOf(input, key)) onKey(each)
    },
    { isActive: isRawModeSupported },
  )
  // After the keys: what attaches may leave the terminal at once.
  useEffect(() => job.attach(suspendTerminal), [job, suspendTerminal])
}
