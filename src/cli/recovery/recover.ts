import type {
  RecoveredSession,
  RecoveredThing,
  RecoveryReport,
} from '../../service/listener/recovery.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import type { Hinted } from '../text/hint.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { renderTable, widthOfTerminal } from '../text/table.ts'

/** The answer of `recover --json`. */
export interface RecoveryDocument extends RecoveryReport {
  readonly dryRun: boolean
}

/**
 * Closes what dead processes left open.
 * @throws ListenerRunningError, unless it is a dry run, because a listener does it at its own start; StoreError, StoreDamagedError
 */
export async function recover(
  locations: Locations,
  dryRun: boolean,
  reason?: string,
): Promise<RecoveryDocument> {
  const { recoverStopped } = await import('../../service/maintenance/recover-stopped.ts')
  const { currentOperator } = await import('../../service/record/operator.ts')
  return await withContext(locations, async (context) => {
    const { directory } = context
    const ports = { directory, store: await context.store(), clock: await context.clock() }
    return { dryRun, ...(await recoverStopped(ports, dryRun, currentOperator(reason))) }
  })
}

export function recoveryText(
  { dryRun, sessions, things }: RecoveryDocument,
  hinted: Hinted,
): ScreenText {
  if (sessions.length + things.length === 0) return line('Nothing was left unfinished.')
  const rows = [
    ...sessions.map((each) => sessionRow(each, dryRun)),
    ...things.map((each) => thingRow(each, hinted)),
  ]
  const titles = ['what', 'id', 'peer', 'decision', 'why']
  const columns = titles.map((title) => (title === 'why' ? { title, shrinkTo: 20 } : { title }))
  return renderTable(columns, rows, { width: widthOfTerminal(process.stdout) })
}

function sessionRow({ id, peerId, state, journalBroken }: RecoveredSession, dryRun: boolean) {
  const why = `its process ended in ${state}${journalBroken ? '; its journal is broken' : ''}`
  return ['session', id.slice(0, 8), shortPeer(peerId), dryRun ? 'close' : 'closed', why]
}

function thingRow({ kind, id, peerId, decision, why }: RecoveredThing, hinted: Hinted) {
  return [kind, id.slice(0, 8), shortPeer(peerId), decision, hinted(why)]
}

/** The end of a peer id differs, its beginning does not. */
function shortPeer(peerId: string): string {
  return `…${peerId.slice(-8)}`
}
