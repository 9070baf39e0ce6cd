import { type ReadInvitation, readInvitation } from '../../service/invitations/read-invitation.ts'
import { type LinkSources, readLink } from '../link/read-link.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { isoTime, type TimeStyle, timeText } from '../text/time-text.ts'

/** The content of a link, without its secret. */
export interface InspectedDocument extends Omit<ReadInvitation, 'expiresAt'> {
  readonly expiresAt: string
  readonly expired: boolean
}

const ROLES = {
  stock: 'the inviter is normally owed, you normally owe',
  foil: 'the inviter normally owes, you are normally owed',
} as const

/** Reads a link. Asks nobody and touches no file but those named. @throws LinkError, UsageError, QrImageError */
export async function inspectLink(
  sources: LinkSources,
  stdin: AsyncIterable<unknown>,
): Promise<InspectedDocument> {
  const invitation = readInvitation(await readLink(sources, stdin))
  const { expiresAt } = invitation
  return { ...invitation, expiresAt: isoTime(expiresAt), expired: expiresAt <= Date.now() }
}

export function inspectedText(
  link: InspectedDocument,
  width: number,
  style: TimeStyle,
): ScreenText {
  const { id, peerId, role, expired, addresses, reach } = link
  const when = timeText(Date.parse(link.expiresAt), style)
  const rows = [
    ['invitation', id],
    ['from', peerId],
    ['role', `${role}: ${ROLES[role]}`],
    ['expires', expired ? `${when}: it is expired` : when],
    ['reach', reach],
    ...addresses.map(({ address, scope }, at) => {
      return [at === 0 ? 'addresses' : '', `${address} (${scope})`]
    }),
  ]
  return renderTable([{ title: '' }, { title: '', shrinkTo: 20 }], rows, { width })
}
