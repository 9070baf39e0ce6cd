import { relayDirectory } from '../../service/relay/open-relay.ts'
import { drainRelay } from '../../service/relay/running-relay.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { relayDrainMs } from './relay-drain-ms.ts'

/** The answer of `relay drain --json`. */
export interface RelayDrainDocument {
  /** False: there was no relay to stop. */
  readonly drained: boolean
  readonly pid?: number
  /** Circuits that were under way. */
  readonly circuits?: number
  readonly durationMs?: number
}

/** Stops the running relay in good order. @throws UsageError, DataDirectoryError, ControlError */
export async function drainRunningRelay(
  locations: Locations,
  timeout: string | undefined,
  output: Output,
): Promise<RelayDrainDocument> {
  const ms = relayDrainMs(timeout)
  const directory = relayDirectory(locations.dataDirectory)
  if (directory === undefined) return { drained: false }
  const startedAt = performance.now()
  let told = Number.POSITIVE_INFINITY
  const begun = await drainRelay(directory, ms, ({ active, ms: left }) => {
    const seconds = Math.ceil(left / 1_000)
    if (active === 0 || seconds >= told) return
    told = seconds
    output.note(`${active} circuits, ${seconds} s left`)
  })
  if (begun === undefined) return { drained: false }
  const durationMs = Math.round(performance.now() - startedAt)
  return { drained: true, pid: begun.pid, circuits: begun.active, durationMs }
}

export function relayDrainText({ drained, pid }: RelayDrainDocument): ScreenText {
  return line(drained ? `The relay (process ${pid}) has stopped.` : 'No relay is running.')
}
