import type { DashboardSource } from '../../dashboard/source.ts'
import { FEED_WORDS } from '../../service/feed/feed-words.ts'
import { speaksUtf8 } from '../text/speaks-utf8.ts'
import { harmlessIn } from './harmless-in.ts'
import type { HostedKeys } from './hosted-view.ts'
import { prepareTerminal } from './prepare-terminal.ts'

export interface OpenDashboard extends HostedKeys {
  readonly source: DashboardSource
  /** Leaving the view stops the listener. */
  readonly isListeners: boolean
}

/** Shows a dashboard on this process's terminal. Resolves when it is there, with the way to take it down. */
export async function openDashboard({ source, onGone, ...init }: OpenDashboard) {
  prepareTerminal(onGone)
  const { showDashboard } = await import('../../dashboard/show-dashboard.tsx')
  return showDashboard({
    ...init,
    source: harmlessSource(source),
    stdout: process.stdout,
    stdin: process.stdin,
    ascii: !speaksUtf8(process.env),
    words: FEED_WORDS,
  })
}

/** The door to the picture: whatever a source gives is made harmless, and nothing behind this has to think of it. */
export function harmlessSource(source: DashboardSource): DashboardSource {
  return {
    take: () => source.take().map((event) => harmlessIn(event)),
    now: () => source.now(),
    note: () => harmlessIn(source.note()),
    details: async (sessionId) => harmlessIn(await source.details?.(sessionId)),
  }
}
