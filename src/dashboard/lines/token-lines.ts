import type { FeedToken } from '../../service/feed/event-feed-event.ts'
import type { Board } from '../board/board.ts'
import { inColumns, type Line, span, type Tone } from '../text/span.ts'
import { shortTime } from '../text/time-words.ts'
import type { Screen } from './screen.ts'

/** The listener's invitations: name, uses, and how long they last. */
export function tokenLines(board: Board, screen: Screen): readonly Line[] {
  const { tokens, moreTokens } = board
  const { columns, glyphs } = screen
  if (tokens.length === 0) return [[span('No invitations yet: `token create` makes one.')]]
  const isNarrow = columns < 60
  const used = isNarrow ? 7 : 22
  const label = Math.max(6, columns - 8 - 1 - 1 - used - 1 - (isNarrow ? 0 : 6) - 14)
  const row = (cells: readonly string[], tone: Tone): Line => {
    const [id = '', name = '', role = '', uses = '', lasts = ''] = cells
    const ellipsis = glyphs.ellipsis
    const middle = isNarrow ? '' : `${inColumns(role, 5, ellipsis)} `
    const text = `${inColumns(id, 8, ellipsis)} ${inColumns(name, label, ellipsis)} ${middle}`
    return [
      span(`${text}${inColumns(uses, used, ellipsis)} ${inColumns(lasts, 14, ellipsis)}`, tone),
    ]
  }
  const rows = tokens.map((token) => {
    const { status, tone } = statusOf(token, screen)
    const lasts = `${tone === 'dim' ? '' : `${glyphs.works} `}${status}`
    const uses = usesText(token, isNarrow)
    return row([token.id, token.label ?? '', token.role, uses, lasts], tone)
  })
  const more = moreTokens > 0 ? [[span(`and ${moreTokens} more`, 'dim')]] : []
  return [row(['ID', 'LABEL', 'ROLE', 'USED', 'LASTS'], 'dim'), ...rows, ...more]
}

function usesText({ uses, used, reserved }: FeedToken, isNarrow: boolean): string {
  const all = uses === null ? 'any' : String(uses)
  if (isNarrow) return `${used}/${all}`
  const held = reserved > 0 ? ` (${reserved} under way)` : ''
  return `${used} of ${all}${held}`
}

function statusOf(token: FeedToken, { now }: Screen): { status: string; tone: Tone } {
  const { uses, used, expiresAt, revokedAt, pausedAt } = token
  if (revokedAt !== undefined) return { status: 'revoked', tone: 'dim' }
  if (uses !== null && used >= uses) return { status: 'used up', tone: 'dim' }
  if (expiresAt <= now) return { status: 'expired', tone: 'dim' }
  if (pausedAt !== undefined) return { status: 'paused', tone: 'warn' }
  const left = expiresAt - now
  return { status: `${shortTime(left)} left`, tone: left < 60_000 ? 'warn' : 'plain' }
}
