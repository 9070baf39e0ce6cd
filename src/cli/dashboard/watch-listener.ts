import { followListener } from '../../service/control/follow-listener.ts'
import { sessionDetails } from '../../service/sessions/session-details.ts'
import { type Context, withContext } from '../context.ts'
import { Failure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { AttachedSource } from './attached-source.ts'
import { followLines, type LineWishes } from './follow-lines.ts'
import { readRecording } from './recording.ts'
import { ReplaySource } from './replay-source.ts'
import { runDashboard } from './run-dashboard.ts'

export interface DashboardWishes extends Pick<LineWishes, 'format'> {
  /** Lines instead of a picture. */
  readonly lines: boolean
  /** A recording to play, and how fast. */
  readonly replay: string | undefined
  readonly speed: number
}

/**
 * Show the running listener, or a recording of one.
 * @returns the exit code
 * @throws Failure `no_listener`; ControlError; UsageError
 */
export async function watchListener(
  locations: Locations,
  { lines, format, replay, speed }: DashboardWishes,
): Promise<number> {
  if (replay !== undefined) {
    const events = readRecording(replay)
    return lines ? await linesOf(events, format) : await played(events, speed)
  }
  return await withContext(locations, async (context) => {
    return lines ? await linesOf(await followRunning(context), format) : await shown(context)
  })
}

/** @throws Failure `no_listener`; ControlError */
export async function followRunning({ directory }: Pick<Context, 'directory'>) {
  const following = await followListener(directory.controlSocket)
  if (following === undefined) throw new Failure('no_listener')
  return following
}

async function linesOf(
  events: Parameters<typeof followLines>[0],
  format: LineWishes['format'],
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
    follow: () => followListener(context.directory.controlSocket),
    details: async (id) => sessionDetails(await context.store(), id),
  })
  if (!(await source.start())) throw new Failure('no_listener')
  try {
    return await runDashboard(source)
  } finally {
    source.stop()
  }
}
