import type { ReapOrder, ReapReport } from '../../service/reaping/reap-order.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { formatDuration } from '../text/duration.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, paragraphs, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId, shortPeer } from '../text/short-id.ts'
import { renderTable, widthOfTerminal } from '../text/table.ts'
import { parseOrder, type ReapFlags, reapsAll } from './reap-order.ts'

/** The answer of `reap --json`. */
export interface ReapDocument extends ReapReport {
  /** Nothing was taken away. */
  readonly dryRun: boolean
  /** How many things are listed, and how many were, or would be, reaped. */
  readonly shown: number
  readonly total: number
  /** Of all policies together. */
  readonly totals: { readonly examined: number; readonly reaped: number; readonly left: number }
}

/** Shows somebody what would be reaped, and asks. @throws CommandFailure `not_interactive`, `interrupted` */
export type ConfirmReap = (looked: ReapDocument) => Promise<boolean>

/**
 * Clears away what is asked for by name. All of it only if that is confirmed.
 * @throws UsageError, ControlError, ListenerRunningError, StoreError
 */
export async function reapLeftovers(
  locations: Locations,
  flags: ReapFlags,
  confirm?: ConfirmReap,
): Promise<ReapDocument> {
  const order = parseOrder(flags)
  if (confirm === undefined || !reapsAll(flags)) return await reaped(locations, order)
  const looked = await reaped(locations, { ...order, dryRun: true })
  return (await confirm(looked)) ? await reaped(locations, order) : looked
}

async function reaped(locations: Locations, order: ReapOrder): Promise<ReapDocument> {
  const { reapDirectory } = await import('../../service/maintenance/reap-directory.ts')
  return await withContext(locations, async (context) => {
    const { policies } = await reapDirectory(await context.reaping(), order)
    const shown = policies.reduce((sum, { things }) => sum + things.length, 0)
    const total = policies.reduce((sum, { reaped }) => sum + reaped, 0)
    const examined = policies.reduce((sum, each) => sum + each.examined, 0)
    const totals = { examined, reaped: total, left: examined - total }
    return { dryRun: order.dryRun, policies, shown, total, totals }
  })
}

export function reapText(document: ReapDocument, isNamed: boolean): ScreenText {
  const width = widthOfTerminal(process.stdout)
  const parts = [countsText(document, width), ...thingsText(document, width)]
  if (!isNamed) parts.push(line('Nothing was reaped: name what should be, with --policy.'))
  return paragraphs(parts)
}

function countsText({ dryRun, policies, totals }: ReapDocument, width: number): ScreenText {
  const columns = [
    { title: 'policy' },
    { title: 'examined', align: 'right' as const },
    { title: dryRun ? 'would reap' : 'reaped', align: 'right' as const },
    { title: 'ms', align: 'right' as const },
    { title: 'left', align: 'right' as const },
    { title: 'why', shrinkTo: 20 },
  ]
  const rows = policies.map(({ policy, examined, reaped, skipped, ms }) => {
    const why = skipped.map((each) => `${each.count} ${each.why}`).join(', ')
    return [policy, String(examined), String(reaped), String(ms), String(examined - reaped), why]
  })
  if (rows.length > 1) {
    const ms = policies.reduce((sum, each) => sum + each.ms, 0)
    const { examined, reaped, left } = totals
    const sums = [examined, reaped, Math.round(ms * 10) / 10, left]
    rows.push(['all', ...sums.map(String), ''])
  }
  return renderTable(columns, rows, { width })
}

function thingsText({ policies, ...counts }: ReapDocument, width: number): readonly ScreenText[] {
  const columns = [
    { title: 'policy' },
    { title: 'what' },
    { title: 'id' },
    { title: 'state' },
    { title: 'peer' },
    { title: 'age', align: 'right' as const },
  ]
  const rows = policies.flatMap(({ policy, things }) =>
    things.map(({ kind, id, state, peerId, ageMs }) => {
      const peer = peerId === undefined ? '' : shortPeer(peerId, true)
      const age = ageMs === undefined ? '' : formatDuration(Math.floor(ageMs / 1000) * 1000)
      return [policy, kind, shortId(id, true), state, peer, age]
    }),
  )
  if (rows.length === 0) return []
  return [stacked([renderTable(columns, rows, { width }), ...ofAllText(counts, 'things')])]
}
