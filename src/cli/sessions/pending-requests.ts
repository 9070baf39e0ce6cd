import {
  type ListedRequest,
  pendingPage,
  requestsStartingWith,
} from '../../service/approval/pending-page.ts'
import { type Context, withContext } from '../context.ts'
import { resolveId } from '../input/resolve-id.ts'
import type { Locations } from '../locations.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, lines, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId, shortPeer } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { isoTime, isoTimeOrNull, type TimeStyle, timeText } from '../text/time-text.ts'

type Store = Awaited<ReturnType<Context['store']>>

/** A request as `--json` tells it. Times are ISO 8601, UTC. */
export interface RequestDocument {
  /** That of the session which asked. */
  readonly id: string
  /** `waiting` for a yes or no; `approved`: its peer has yet to come for it. */
  readonly state: 'waiting' | 'approved'
  readonly peerId: string
  /** Disclosed by the peer. */
  readonly identity: ListedRequest['identity']
  readonly cadre: readonly string[]
  readonly remoteAddress: string | null
  readonly tokenId: string
  readonly label: string | null
  /** Another tally than this peer may have from the invitation already. */
  readonly another: boolean
  readonly since: string
  /** Until when it waits; after a yes, until when its use is held. */
  readonly until: string
  readonly approvedAt: string | null
}

/** The requests that wait, the oldest first. */
export interface PendingDocument {
  readonly pending: readonly RequestDocument[]
  /** How many are listed, and how many there are. */
  readonly shown: number
  readonly total: number
  /** The value of `--after` for the next page; `null`: there are no more. */
  readonly next: string | null
}

/** @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError */
export async function listPending(
  locations: Locations,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<PendingDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const now = (await context.clock()).now()
    const last = after === undefined ? undefined : await findRequest(store, after)
    // One more than is shown: whether there are more.
    const { requests, total } = await pendingPage(store, now, limit + 1, last)
    const pending = requests.slice(0, limit).map(documentOf)
    const next = requests.length > limit ? (pending.at(-1)?.id ?? null) : null
    return { pending, shown: pending.length, total, next }
  })
}

/** Finds a request by the beginning of its id. @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError */
export function findRequest(store: Store, id: string): Promise<ListedRequest> {
  return resolveId(id, {
    what: 'request that waits',
    startingWith: async (prefix) => requestsStartingWith(store, prefix),
    idOf: (request) => request.id,
  })
}

function documentOf(request: ListedRequest): RequestDocument {
  const { id, peerId, identity, cadre, tokenId, another, since, until, approvedAt } = request
  return {
    id,
    state: approvedAt === undefined ? 'waiting' : 'approved',
    peerId,
    identity,
    cadre,
    remoteAddress: request.remoteAddress ?? null,
    tokenId,
    label: request.label ?? null,
    another,
    since: isoTime(since),
    until: isoTime(until),
    approvedAt: isoTimeOrNull(approvedAt),
  }
}

export function pendingText(
  document: PendingDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  const { pending, next } = document
  if (pending.length === 0) return line('Nobody waits for a yes or no.')
  const columns = [
    { title: 'id' },
    { title: 'peer' },
    { title: 'says of itself', shrinkTo: 16 },
    { title: 'invitation', shrinkTo: 8 },
    { title: 'asked' },
    { title: 'lapses' },
    { title: '' },
  ]
  const rows = pending.map((request) => [
    shortId(request.id, style.relative),
    shortPeer(request.peerId, style.relative),
    disclosedText(request.identity),
    request.label ?? shortId(request.tokenId, style.relative),
    timeText(Date.parse(request.since), style),
    timeText(Date.parse(request.until), style),
    request.state === 'approved' ? 'approved' : '',
  ])
  const counts = ofAllText(document, 'requests', next === null ? undefined : `--after ${next}`)
  const hint = lines([
    'Say yes: `taleus sessions approve ID`',
    'Say no: `taleus sessions deny ID --reason …`',
  ])
  return stacked([renderTable(columns, rows, { width }), ...counts, hint])
}

/** Each value in quotes, so that none can pass for two. */
function disclosedText(identity: ListedRequest['identity']): string {
  const fields = Object.entries(identity).map(
    ([field, value]) => `${field} ${JSON.stringify(value)}`,
  )
  return fields.length === 0 ? 'nothing' : fields.join(', ')
}
