import { drainRunning } from '../../service/control/drain-running.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { definitionOf } from '../settings/settings-table.ts'
import { parseDuration } from '../text/duration.ts'
import { line, type ScreenText } from '../text/screen-text.ts'

/** The answer of `drain --json`. */
export interface DrainDocument {
  /** False: there was no listener to stop. */
  readonly drained: boolean
  readonly pid?: number
  /** Sessions that were under way. */
  readonly active?: number
  readonly durationMs?: number
}

/** How to stop it: the time that sessions have, and why. */
export interface DrainListenerOptions {
  readonly timeout?: string | undefined
  readonly reason?: string | undefined
}

/** Stops the running listener in good order. @throws UsageError, DataDirectoryError, ControlError */
export async function drainListener(
  locations: Locations,
  { timeout, reason }: DrainListenerOptions,
  output: Output,
): Promise<DrainDocument> {
  const bounds = { ...definitionOf('drain-timeout'), of: '--drain-timeout' }
  const ms = timeout === undefined ? undefined : parseDuration(timeout, bounds)
  const startedAt = performance.now()
  let told = Number.POSITIVE_INFINITY
  const operator = currentOperator(reason)
  const begun = await withContext(locations, ({ directory }) =>
    drainRunning(directory, ms, operator, ({ active, ms: left }) => {
      const seconds = Math.ceil(left / 1_000)
      if (active === 0 || seconds >= told) return
      told = seconds
      output.note(`${active} under way, ${seconds} s left`)
    }),
  )
  if (begun === undefined) return { drained: false }
  const { pid, active } = begun
  return { drained: true, pid, active, durationMs: Math.round(performance.now() - startedAt) }
}

export function drainText({ drained, pid }: DrainDocument): ScreenText {
  return line(drained ? `The listener (process ${pid}) has stopped.` : 'No listener is running.')
}
