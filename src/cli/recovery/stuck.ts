import type { StuckThing } from '../../service/sessions/stuck-things.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { renderTable, widthOfTerminal } from '../text/table.ts'

/** The answer of `sessions stuck --json`. Times are ISO 8601, UTC. */
export interface StuckDocument {
  readonly stuck: readonly {
    readonly what: StuckThing['what']
    /** Of a removal. */
    readonly tallyId: string | null
    /** Of a notice. */
    readonly tokenId: string | null
    readonly sessionId: string
    readonly peerId: string
    readonly reason: string
    readonly since: string
    readonly tries: number
    readonly nextTry: string
    readonly lastError: string | null
  }[]
  /** How many are listed, and how many there are. */
  readonly shown: number
  readonly total: number
}

/** Lists what is owed and failed at least once. @throws StoreError, StoreDamagedError */
export async function findStuck(locations: Locations): Promise<StuckDocument> {
  const { stuckThings } = await import('../../service/sessions/stuck-things.ts')
  return await withContext(locations, async (context) => {
    const { things, total } = await stuckThings(await context.store())
    return { stuck: things.map(documentOf), shown: things.length, total }
  })
}

function documentOf(thing: StuckThing): StuckDocument['stuck'][number] {
  const { what, tallyId = null, tokenId = null, sessionId, peerId } = thing
  const { reason, since, tries, nextAt, lastError = null } = thing
  const times = { since: new Date(since).toISOString(), nextTry: new Date(nextAt).toISOString() }
  return { what, tallyId, tokenId, sessionId, peerId, reason, ...times, tries, lastError }
}

export function stuckText({ stuck, ...counts }: StuckDocument): ScreenText {
  if (stuck.length === 0) return line('Nothing is stuck.')
  const rows = stuck.map(({ what, tallyId, tokenId, sessionId, tries, nextTry, lastError }) => {
    const id = (tallyId ?? tokenId ?? '').slice(0, 8)
    return [what, id, sessionId.slice(0, 8), String(tries), nextTry, lastError ?? '']
  })
  const columns = [
    { title: 'owed' },
    { title: 'tally or token' },
    { title: 'session' },
    { title: 'tries', align: 'right' },
    { title: 'next try' },
    { title: 'last error', shrinkTo: 20 },
  ] as const
  const table = renderTable(columns, rows, { width: widthOfTerminal(process.stdout) })
  return stacked([table, ...ofAllText(counts, 'stuck things')])
}
