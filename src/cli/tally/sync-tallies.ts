import { runningStatus } from '../../service/control/control-client.ts'
import { syncStatusOf, type TallySyncStatus } from '../../service/sync/sync-status.ts'
import type { PartnerSought } from '../../service/sync/sync-tallies.ts'
import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { tallyPage } from '../../service/tallies/stored-tallies.ts'
import { type Context, withContext } from '../context.ts'
import type { ErrorCode } from '../errors/error-codes.ts'
import { CommandFailure, type CommandFailureDetails } from '../errors/errors.ts'
import { watchInterruption } from '../input/interruption.ts'
import type { Locations } from '../locations.ts'
import { parseDuration } from '../text/duration.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import type { TimeStyle } from '../text/time-text.ts'
import { isRefusedUncompared } from '../words/must-be-compared.ts'
import { type ConflictDocument, conflictsOf, conflictsText } from './conflict-text.ts'
import { findKeptTally } from './find-tally.ts'
import { type TallySyncDocument, tallySyncDocument, tallySyncText } from './sync-text.ts'

type Store = Awaited<ReturnType<Context['store']>>

/** A sync waits no longer than a day: what should go on for ever is `listen`. */
const MAX_WAIT_MS = 86_400_000

/** Tallies that one command syncs, the newest: a page of `tally list` and many more. */
const MAX_TALLIES = 10_000

/** The tallies that were to be synced, and how each stands now. */
export interface SyncDocument {
  readonly tallies: readonly SyncedTally[]
}

interface SyncedTally extends TallySyncDocument {
  readonly tallyId: string
  /** Changes of the partner's that this run has taken. */
  readonly taken: number
  /** Keys for which both have set a value at the same time, as of now; `null` if this run has taken nothing. */
  readonly conflicts: readonly ConflictDocument[] | null
  /** Why it was not synced in this run; `null` if it was. */
  readonly problem: ErrorCode | null
}

export interface SyncAnswer {
  readonly text: ScreenText
  readonly document: SyncDocument
  /** To be thrown when the text is shown. */
  readonly failure: CommandFailure | undefined
}

/**
 * Syncs one tally, or all.
 * @throws UsageError, CommandFailure `not_found`, `ambiguous_id`; StoreError
 */
export async function syncTalliesByHand(
  locations: Locations,
  id: string | undefined,
  { wait }: { readonly wait?: string | undefined },
  style: TimeStyle,
): Promise<SyncAnswer> {
  const waitMs = wait === undefined ? 0 : parseDuration(wait, { of: '--wait', max: MAX_WAIT_MS })
  const interruption = watchInterruption((signal) => process.exit(signal === 'SIGINT' ? 130 : 143))
  try {
    return await withContext(locations, async (context) => {
      const store = await context.store()
      const tallies =
        id === undefined
          ? (await tallyPage(store, MAX_TALLIES)).found
          : [await findKeptTally(store, id)]
      const refused = new Set<TallyRecord>()
      for (const each of tallies) if (await isRefusedUncompared(context, each)) refused.add(each)
      const options = { waitMs, interrupted: interruption.signal }
      const synced = tallies.filter((each) => !refused.has(each))
      const sought = await syncWith(context, synced, options)
      return await answerOf(store, { tallies, refused }, sought, style)
    })
  } finally {
    interruption.release()
  }
}

async function syncWith(
  context: Context,
  tallies: readonly TallyRecord[],
  options: { readonly waitMs: number; readonly interrupted: AbortSignal },
): Promise<readonly PartnerSought[]> {
  const { syncTallies } = await import('../../service/sync/sync-tallies.ts')
  const { toldAddresses } = await import('../../service/sync/told-addresses.ts')
  const listening = await runningStatus(context.directory)
  const clock = await context.clock()
  const ports = { store: await context.store(), key: await context.partyKey() }
  const { cadre } = await context.settings()
  const addresses = toldAddresses(cadre, listening?.addresses ?? [])
  return await syncTallies({ ...ports, ...options, addresses, now: () => clock.now() }, tallies)
}

/** The lines are told one after the other, and not laid out. */
const NO_WIDTH = Number.POSITIVE_INFINITY

/** The tallies that were asked for, and those that are not synced until their words were compared. */
interface Wanted {
  readonly tallies: readonly TallyRecord[]
  readonly refused: ReadonlySet<TallyRecord>
}

async function answerOf(
  store: Store,
  { tallies, refused }: Wanted,
  sought: readonly PartnerSought[],
  style: TimeStyle,
): Promise<SyncAnswer> {
  const results = new Map(sought.map(({ peerId, result }) => [peerId, result]))
  const rows: { readonly synced: SyncedTally; readonly text: ScreenText }[] = []
  for (const tally of tallies) {
    const status = await syncStatusOf(store, tally)
    if (status === undefined) continue
    const result = results.get(tally.partner.peerId)
    const problem = refused.has(tally) ? 'not_compared' : problemOf(result, tally, status)
    const taken = result?.taken.get(tally.tallyId) ?? 0
    const sync = tallySyncDocument(status)
    const conflicts = taken > 0 ? await conflictsOf(store, tally) : null
    const synced = { tallyId: tally.tallyId, ...sync, taken, conflicts, problem }
    const words = `${shortId(tally.tallyId, style.relative)}  ${tallySyncText(sync, style)}`
    const disputed = conflictsText({ ...tally, conflicts: conflicts ?? [] }, style, NO_WIDTH)
    rows.push({ synced, text: stacked([line(words), ...disputed]) })
  }
  const document = { tallies: rows.map(({ synced }) => synced) }
  const failure = failureOf(document, sought)
  const text =
    rows.length === 0 ? line('No tallies to sync.') : stacked(rows.map((row) => row.text))
  return { text, document, failure }
}

/** Our codes for the failures of seeking a partner, by theirs. */
const PROBLEMS: Readonly<Record<string, ErrorCode>> = {
  unreachable: 'partner_unreachable',
  // Somebody else at the partner's address: to this side it is away.
  wrong_peer: 'partner_unreachable',
  node_uncertified: 'partner_unreachable',
  node_lapsed: 'partner_unreachable',
  transport_closed: 'sync_cut',
  relay_limit: 'relay_limit',
  sync_frame_malformed: 'sync_frame_malformed',
  protocol_unsupported: 'protocol_unsupported',
  interrupted: 'interrupted',
}

function codeOf(error: Error): ErrorCode {
  const code = 'code' in error ? String(error.code) : ''
  return PROBLEMS[code] ?? 'unexpected'
}

function problemOf(
  result: PartnerSought['result'] | undefined,
  { tallyId }: TallyRecord,
  { state }: TallySyncStatus,
): ErrorCode | null {
  if (state === 'stopped') return 'tally_stopped'
  const isDone = result?.met.has(tallyId) === true && state === 'in_sync'
  if (result?.failure !== undefined) return isDone ? null : codeOf(result.failure)
  // A tally that the inviter has withdrawn is not even named.
  if (result?.met.has(tallyId) !== true) return 'tally_not_shared'
  return isDone ? null : 'tally_not_taken'
}

/** The first that went wrong, with all the document. */
function failureOf(
  document: SyncDocument,
  sought: readonly PartnerSought[],
): CommandFailure | undefined {
  const first = document.tallies.find(({ problem }) => problem !== null)?.problem ?? null
  if (first === null) return undefined
  const error = sought.flatMap(({ result }) => result.failure ?? [])[0]
  if (error === undefined) return new CommandFailure(first, { document })
  return new CommandFailure(codeOf(error), { cause: error, document, ...moreOf(error) })
}

function moreOf(error: Error): Pick<CommandFailureDetails, 'attempts' | 'detail'> {
  if ('detail' in error && typeof error.detail === 'string') return { detail: error.detail }
  return 'attempts' in error && Array.isArray(error.attempts) ? { attempts: error.attempts } : {}
}
