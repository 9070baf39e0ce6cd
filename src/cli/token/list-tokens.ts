import { compact } from '../../protocol/base/compact.ts'
import { seeExpired } from '../../service/invitations/see-expired.ts'
import { invitationPage } from '../../service/invitations/stored-invitations.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { parseMoment } from '../text/moment.ts'
import { ofAllText } from '../text/of-all.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import { findToken } from './find-token.ts'
import { type TokenDocument, tokenDocument } from './token-document.ts'
import { usesText } from './uses-text.ts'

/** The flags that say which invitations are wanted, as they were typed. */
export interface TokenListFlags {
  readonly status?: string | undefined
  readonly label?: string | undefined
  readonly role?: string | undefined
  readonly since?: string | undefined
  readonly before?: string | undefined
  readonly limit: number
}

/** The invitations that are wanted, newest first. */
export interface TokensDocument {
  readonly tokens: readonly TokenDocument[]
  /** How many are listed, and how many there are, on all pages. */
  readonly shown: number
  readonly total: number
  /** The value of `--before` for the next page; `null`: there are no more. */
  readonly next: string | null
}

/** @throws UsageError, CommandFailure `not_found`, `ambiguous_id`; DataDirectoryError, StoreError */
export async function listTokens(
  locations: Locations,
  { before, limit, since, ...flags }: TokenListFlags,
): Promise<TokensDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const clock = await context.clock()
    await seeExpired(store, clock)
    const now = clock.now()
    const wanted = compact({ ...flags, since: parseMoment(since, now, '--since'), now })
    const after = before === undefined ? undefined : (await findToken(store, before)).id
    // One more than is shown: whether there are more.
    const page = compact({ ...wanted, before: after, limit: limit + 1 })
    const { found, total } = await invitationPage(store, page)
    const tokens = found.slice(0, limit).map((token) => tokenDocument(token, now))
    const next = found.length > limit ? (tokens.at(-1)?.id ?? null) : null
    return { tokens, shown: tokens.length, total, next }
  })
}

export function tokensText(document: TokensDocument, width: number, style: TimeStyle): ScreenText {
  const { tokens, next } = document
  if (tokens.length === 0) return emptyText(document)
  const columns = [
    { title: 'id' },
    { title: 'status' },
    { title: 'role' },
    { title: 'used' },
    { title: 'expires' },
    { title: 'label', shrinkTo: 8 },
  ]
  const rows = tokens.map((token) => [
    shortId(token.id, style.relative),
    token.status,
    token.role,
    usesText(token),
    timeText(Date.parse(token.expiresAt), style),
    token.label ?? '',
  ])
  const counts = ofAllText(document, 'invitations', next === null ? undefined : `--before ${next}`)
  return stacked([renderTable(columns, rows, { width }), ...counts])
}

function emptyText({ total }: TokensDocument): ScreenText {
  return line(total === 0 ? 'No invitations. Make one with `taleus token create`.' : 'No more.')
}
