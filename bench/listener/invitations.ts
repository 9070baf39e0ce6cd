import type { Role } from '../../src/protocol/base/role.ts'
import { issueInvitation } from '../../src/service/invitations/issue-invitation.ts'
import type { RecordStore } from '../../src/store/query/record-store.ts'

const HOUR_MS = 3_600_000

/**
 * Mints a standing invitation that lasts as long as a bench. Returns its link.
 * @param required disclosures that an invitee must give
 */
export async function mintStanding(
  store: RecordStore,
  inviter: { readonly peerId: string; readonly addresses: readonly string[] },
  role: Role,
  required: readonly string[] = [],
): Promise<string> {
  const grant = { role, uses: null, required, optional: ['name', 'email'], terms: null }
  const optional = grant.optional.filter((field) => !required.includes(field))
  const init = { ...inviter, expiresAt: Date.now() + HOUR_MS }
  return (await issueInvitation(store, { ...grant, optional }, init)).link
}
