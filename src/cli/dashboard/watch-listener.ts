import { followListener } from '../../service/control/follow-listener.ts'
import { sessionDetails } from '../../service/sessions/session-details.ts'
import { type Context, withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { AttachedSource } from './attached-source.ts'
import { followLines, type LineOptions } from './follow-lines.ts'
import { readRecording } from './recording.ts'
import { ReplaySource } from './replay-source.ts'
import { runDashboard } from './run-dashboard.ts'

export interface DashboardOptions extends Pick<LineOptions, 'format'> {
  /** Lines instead of a picture. */
  readonly lines: boolean
  /** A recording to play, and how fast. */
  readonly replay: string | undefined
  readonly speed: number
}

/**
 * Shows the running listener, or a recording of one.
 * @returns the exit code
 * @throws CommandFailure `no_listener`; ControlError; UsageError
 */
export async function watchListener(
  locations: Locations,
  { lines, format, replay, speed }: DashboardOptions,
): Promise<number> {
  if (replay !== undefined) {
    const events = readRecording(replay)
    return lines ? await linesOf(events, format) : await played(events, speed)
  }
  return await withContext(locations, async (context) => {
    return lines ? await linesOf(await followRunning(context), format) : await shown(context)
  })
}

/** Follows the running listener's events. @throws CommandFailure `no_listener`; ControlError */
export async function followRunning({ directory }: Pick<Context, 'directory'>) {
  const following = await followListener(directory)
  if (following === undefined) throw new CommandFailure('no_listener')
  return following
}

async function linesOf(
  events: Parameters<typeof followLines>[0],
  format: LineOptions['format'],
): Promise<number> {
  await followLines(events, { format })
  return 0
}

async function played(events: ReturnType<typeof readRecording>, speed: number): Promise<number> {
  const source = new ReplaySource(events, speed)
  await source.start()
  return await runDashboard(source)
}

async function shown(context: Context): Promise<number> {
  const source = new AttachedSource({
    follow: () => followListener(context.directory),
    details: async (id) => sessionDetails(await context.store(), id, await context.peerId()),
  })
  if (!(await source.start())) throw new CommandFailure('no_listener')
  try {
    return await runDashboard(source)
  } finally {
    source.stop()
  }
}
