import { type ReadInvitation, readInvitation } from '../../service/invitations/read-invitation.ts'
import { type LinkSources, readLink } from '../link/read-link.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { isoTime, type TimeStyle, timeText } from '../text/time-text.ts'

/** The content of a link, without its secret. */
export interface InspectedDocument extends Omit<ReadInvitation, 'expiresAt'> {
  readonly expiresAt: string
  /** By this computer's clock; the inviter's counts. */
  readonly expired: boolean
  /** The time by this computer's clock. */
  readonly now: string
}

const ROLES = {
  stock: 'the inviter is normally owed, you normally owe',
  foil: 'the inviter normally owes, you are normally owed',
} as const

/** Reads a link. Asks nobody and touches no file but those named. @throws LinkError, UsageError, QrImageError */
export async function inspectLink(
  sources: LinkSources,
  stdin: Parameters<typeof readLink>[1],
): Promise<InspectedDocument> {
  const invitation = readInvitation(await readLink(sources, stdin))
  const { expiresAt } = invitation
  const now = Date.now()
  const times = { expiresAt: isoTime(expiresAt), expired: expiresAt <= now, now: isoTime(now) }
  return { ...invitation, ...times }
}

export function inspectedText(
  link: InspectedDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  const { id, peerId, role, expired, now, addresses, nodes, reach } = link
  const when = timeText(Date.parse(link.expiresAt), style)
  const rows = [
    ['invitation', id],
    ['from', peerId],
    ['role', `${role}: ${ROLES[role]}`],
    ['expires', expired ? `${when}: expired by this computer’s clock, ${now}` : when],
    ['reach', reach],
    ...(nodes ? [['answers', 'one of the inviter’s nodes, which proves that it is']] : []),
    ...addresses.map(({ address, scope }, at) => {
      return [at === 0 ? 'addresses' : '', `${address} (${scope})`]
    }),
  ]
  return renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
}
