import { seeExpired } from '../../service/invitations/see-expired.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { type TimeStyle, timeText } from '../text/time-text.ts'
import { type TokenDocument, tokenDocument } from './token-document.ts'
import { usesText } from './uses-text.ts'

/** The invitations made here, newest first. */
export interface TokensDocument {
  readonly tokens: readonly TokenDocument[]
}

/** @throws DataDirectoryError, StoreError */
export async function listTokens(locations: Locations): Promise<TokensDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const clock = await context.clock()
    await seeExpired(store, clock)
    const now = clock.now()
    const tokens = store.read((repositories) => repositories.tokens.list())
    return { tokens: tokens.map((token) => tokenDocument(token, now)) }
  })
}

export function tokensText(
  { tokens }: TokensDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  if (tokens.length === 0) {
    return line('No invitations yet. Make one with `taleus token create`.')
  }
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
  return renderTable(columns, rows, { width })
}
