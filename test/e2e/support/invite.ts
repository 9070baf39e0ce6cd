import { issueInvitation } from '../../../src/service/invitations/issue-invitation.ts'
import type { InvitationGrant } from '../../../src/service/invitations/mint.ts'
import { onStore } from './open-store.ts'

const DAY_MS = 86_400_000

const GRANT: InvitationGrant = { role: 'stock', uses: 1, required: [], optional: [], terms: {} }

/** An invitation as `token create` makes it, without a process: for where the command is not in question. */
export async function invite(
  directory: string,
  addresses: readonly string[],
  grant: Partial<InvitationGrant> = {},
): Promise<{ readonly link: string; readonly id: string }> {
  return await onStore(directory, async (store, context) => {
    const init = { peerId: await context.peerId(), addresses, expiresAt: Date.now() + DAY_MS }
    const { link, token } = await issueInvitation(store, { ...GRANT, ...grant }, init)
    return { link, id: token.id }
  })
}
