import { peerLimits, resetPeerLimits } from '../../service/control/peer-limits.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { peerMeant } from '../peer/peer-meant.ts'
import { formatDuration } from '../text/duration.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'

type Limits = NonNullable<Awaited<ReturnType<typeof peerLimits>>>

/** The limits of a peer, as the running listener counts. */
export interface LimitsDocument {
  readonly peerId: string
  /** `null`: no listener is running, and nothing is counted. */
  readonly limits: Limits | null
}

/** @throws UsageError; CommandFailure `ambiguous_id`; ControlError, StoreError */
export async function showLimits(locations: Locations, typed: string): Promise<LimitsDocument> {
  return await withContext(locations, async (context) => {
    const peerId = await peerMeant(context, typed)
    return { peerId, limits: (await peerLimits(context.directory, peerId)) ?? null }
  })
}

/** Has a peer begin anew. @throws as `showLimits` does */
export async function resetLimits(
  locations: Locations,
  typed: string,
  reason?: string,
): Promise<LimitsDocument> {
  return await withContext(locations, async (context) => {
    const peerId = await peerMeant(context, typed)
    const operator = currentOperator(reason)
    const store = await context.store()
    const limits = await resetPeerLimits(context.directory, store, peerId, operator)
    return { peerId, limits: limits ?? null }
  })
}

export function limitsText({ limits }: LimitsDocument, width: number): ScreenText {
  if (limits === null) return line('No listener is running: nothing is counted.')
  const { sessions, attempts, badSecrets } = limits
  const columns = [{ title: '' }, { title: 'left' }, { title: 'of' }, { title: 'once more' }]
  const left = Math.max(0, sessions.max - sessions.inUse)
  const rows = [
    ['sessions at once', String(left), String(sessions.max), ''],
    ['attempts', ...rateCells(attempts)],
    ['wrong secrets', ...rateCells(badSecrets)],
  ]
  return renderTable(columns, rows, { width })
}

function rateCells({ left, perMinute, retryAfterMs }: Limits['attempts']): readonly string[] {
  const again = retryAfterMs === 0 ? 'now' : `in ${formatDuration(roundedUp(retryAfterMs))}`
  return [String(left), `${perMinute} a minute`, again]
}

function roundedUp(ms: number): number {
  return Math.ceil(ms / 1_000) * 1_000
}
