import { isForOthers } from '../../service/invitations/invitation-addresses.ts'
import type { Minted } from '../../service/invitations/mint.ts'
import { readInvitation } from '../../service/invitations/read-invitation.ts'
import { qrSvg } from '../qr/qr-file.ts'
import { leafletOf, posterOf } from './invitation-page.ts'

const PAGES = { leaflet: leafletOf, poster: posterOf } as const

/**
 * Makes the page of a new invitation.
 * @param name the inviter's, as it calls itself
 */
export async function pageOfInvitation(
  kind: keyof typeof PAGES,
  minted: Minted,
  name: string | undefined,
): Promise<string> {
  const { id, role, uses, expiresAt, required } = minted.token
  const { peerId, reach, addresses } = readInvitation(minted.link)
  const [form] = minted.qrForms()
  const { link } = minted
  const nearReach = addresses.some(isForOthers) ? undefined : reach
  const code = await qrSvg(form?.text ?? link)
  const inviter = { name, peerId, nearReach }
  return PAGES[kind]({ id, link, code, role, uses, expiresAt, required, ...inviter })
}
