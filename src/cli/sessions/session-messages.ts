import type { AuditDocument } from '../text/audit-text.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import type { SessionsLayout } from './layout.ts'

/** One message of a session. */
export interface MessageShown {
  readonly from: 'initiator' | 'respondent'
  /** `null`: a frame that was no message. */
  readonly type: string | null
  /** Of the payload. */
  readonly bytes: number
  /** Of the transcript up to and with this one, in hex; the same on both sides. */
  readonly digest: string
}

/** The messages of a session, by the record of its end; `null` if that does not tell. */
export function messagesIn(records: readonly AuditDocument[]): readonly MessageShown[] | null {
  const told = records.findLast(({ type, data }) => type === 'state' && 'messages' in data)
  const messages = told?.data['messages']
  return Array.isArray(messages) ? messages.flatMap(messageIn) : null
}

function messageIn(value: unknown): readonly MessageShown[] {
  if (typeof value !== 'object' || value === null) return []
  const { from, type = null, bytes, digest } = Object.fromEntries(Object.entries(value))
  const isSpeaker = from === 'initiator' || from === 'respondent'
  const isType = type === null || typeof type === 'string'
  if (!isSpeaker || !isType || typeof bytes !== 'number' || typeof digest !== 'string') return []
  return [{ from, type, bytes, digest }]
}

/** The messages as a table; empty if none are known. */
export function messagesText(
  messages: readonly MessageShown[] | null,
  layout: SessionsLayout,
): readonly ScreenText[] {
  if (messages === null || messages.length === 0) return []
  const columns = [
    { title: 'message' },
    { title: 'from' },
    { title: 'bytes', align: 'right' as const },
    { title: 'transcript so far', shrinkTo: 12 },
  ]
  const rows = messages.map(({ from, type, bytes, digest }) => {
    return [type ?? 'not a message', fromInWords(from), bytes.toLocaleString('en'), digest]
  })
  return [renderTable(columns, rows, layout)]
}

/** The user's word for one of the two parties; the protocol's words differ. */
export function fromInWords(from: string): string {
  if (from === 'initiator') return 'inviter'
  return from === 'respondent' ? 'invitee' : from
}
