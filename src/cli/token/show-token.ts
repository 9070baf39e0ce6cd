import { invitationHistory } from '../../service/invitations/invitation-history.ts'
import { seeExpired } from '../../service/invitations/see-expired.ts'
import { brokenRecords } from '../../service/trail/broken-records.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { type AuditDocument, auditDocument, auditText } from '../text/audit-text.ts'
import { paragraphs, type ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { isoTimeOrNull, type TimeStyle, timeText } from '../text/time-text.ts'
import { findToken } from './find-token.ts'
import { type TokenDocument, tokenDocument } from './token-document.ts'
import { usesText } from './uses-text.ts'

type IssuedToken = Awaited<ReturnType<typeof findToken>>

/** One invitation with all that is known of it. Its secret is not kept. */
export interface TokenShown extends TokenDocument {
  readonly revokedAt: string | null
  readonly pausedAt: string | null
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly terms: IssuedToken['terms']
  /** How often terms or fields were changed. */
  readonly revision: number
  /** At most the newest thousand records. */
  readonly lifecycle: readonly AuditDocument[]
  /** The numbers of those that are not as they were written. */
  readonly brokenRecords: readonly number[]
}

/** @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, AuditRecordInvalidError */
export async function showToken(locations: Locations, id: string): Promise<TokenShown> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const token = await findToken(store, id)
    const clock = await context.clock()
    await seeExpired(store, clock)
    const now = clock.now()
    const { required, optional, terms, revision, revokedAt, pausedAt } = token
    const history = await invitationHistory(store, token.id)
    return {
      ...tokenDocument(token, now),
      revokedAt: isoTimeOrNull(revokedAt),
      pausedAt: isoTimeOrNull(pausedAt),
      required,
      optional,
      terms,
      revision,
      lifecycle: history.map(auditDocument),
      brokenRecords: await brokenRecords(store, history),
    }
  })
}

export function tokenText(token: TokenShown, width: number, style: TimeStyle): ScreenText {
  const { lifecycle, terms, revision, required, optional, revokedAt, pausedAt } = token
  const rows = [
    ['id', token.id],
    ['label', token.label ?? ''],
    ['status', token.status],
    ['role', token.role],
    ['used', usesText(token)],
    ['issued', timeText(Date.parse(token.issuedAt), style)],
    ['expires', timeText(Date.parse(token.expiresAt), style)],
    ['revoked', revokedAt === null ? '' : timeText(Date.parse(revokedAt), style)],
    ['paused', pausedAt === null ? '' : timeText(Date.parse(pausedAt), style)],
    ['asks first', token.byHand ? 'yes: you say yes or no to each partner' : ''],
    ['requires', required.join(', ')],
    ['welcomes', optional.join(', ')],
    ['terms', termsText(terms)],
    ['changed', changedText(revision)],
  ].filter(([, value]) => value !== '')
  const facts = renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
  return paragraphs([facts, auditText(lifecycle, { ...style, width })])
}

function changedText(revision: number): string {
  if (revision === 0) return ''
  return `${revision === 1 ? 'once' : `${revision} times`}: who reserved before keeps the earlier terms`
}

function termsText(terms: IssuedToken['terms']): string {
  if (terms === null) return ''
  return typeof terms === 'string' ? terms : JSON.stringify(terms)
}
