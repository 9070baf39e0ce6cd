import type { StuckRemoval } from '../../service/stuck-removals.ts'
import { openContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { renderTable, widthOfTerminal } from '../table.ts'

/** What `sessions stuck --json` prints. Times are ISO 8601, UTC. */
export interface StuckDocument {
  readonly stuck: readonly {
    readonly tallyId: string
    readonly sessionId: string
    readonly peerId: string
    readonly reason: string
    readonly since: string
    readonly tries: number
    readonly nextTry: string
    readonly lastError: string | null
  }[]
}

/** Removals that failed at least once. @throws StoreError, StoreDamagedError */
export async function findStuck(locations: Locations): Promise<StuckDocument> {
  const { stuckRemovals } = await import('../../service/stuck-removals.ts')
  const context = openContext(locations)
  try {
    return { stuck: stuckRemovals(await context.store()).map(documentOf) }
  } finally {
    context.close()
  }
}

function documentOf(removal: StuckRemoval): StuckDocument['stuck'][number] {
  const { tallyId, sessionId, peerId, reason, since, tries, nextAt, lastError = null } = removal
  const times = { since: new Date(since).toISOString(), nextTry: new Date(nextAt).toISOString() }
  return { tallyId, sessionId, peerId, reason, ...times, tries, lastError }
}

export function stuckText({ stuck }: StuckDocument): string {
  if (stuck.length === 0) return 'Nothing is stuck.'
  const rows = stuck.map(({ tallyId, sessionId, tries, nextTry, lastError }) => {
    return [tallyId.slice(0, 8), sessionId.slice(0, 8), String(tries), nextTry, lastError ?? '']
  })
  const columns = [
    { title: 'tally' },
    { title: 'session' },
    { title: 'tries', align: 'right' },
    { title: 'next try' },
    { title: 'last error', shrinkTo: 20 },
  ] as const
  return renderTable(columns, rows, { width: widthOfTerminal(process.stdout) })
}
