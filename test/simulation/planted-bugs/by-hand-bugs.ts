import type { PlantedBug } from './planted-bug.ts'
import { alteredStore } from './planting.ts'

/** Makes an invitation an ordinary one, as whoever comes sees it. */
const AUTOMATIC = 'UPDATE tokens SET by_hand = 0 WHERE id = ?'
const BY_HAND_AGAIN = 'UPDATE tokens SET by_hand = 1 WHERE id = ?'

/** Defects of invitations at which the inviter says yes or no. */
export const BY_HAND_BUGS: readonly PlantedBug[] = [
  {
    name: 'an invitation by hand is reserved for whoever comes',
    breaks: ['H1'],
    store: (own, site) => {
      const isByHand = (tokenId: string) =>
        site.ask('SELECT by_hand FROM tokens WHERE id = ?', tokenId) === 1
      const altered = new Set<string>()
      return alteredStore(own, site, {
        writes: {
          reserve: (write) => {
            const { byHand: _, ...grant } = write.request.grant
            return { ...write, request: { ...write.request, grant } }
          },
        },
        before: {
          reserve: ({ request: { grant } }) => {
            if (!isByHand(grant.tokenId)) return
            altered.add(grant.tokenId)
            site.sql(AUTOMATIC, grant.tokenId)
          },
        },
        after: {
          reserve: ({ request: { grant } }) => {
            if (altered.delete(grant.tokenId)) site.sql(BY_HAND_AGAIN, grant.tokenId)
          },
        },
      })
    },
  },
  {
    name: 'a no is forgotten',
    breaks: ['H2'],
    store: (own, site) =>
      alteredStore(own, site, {
        after: { denyRequest: () => site.sql('DELETE FROM denials') },
      }),
  },
  {
    name: 'a yes is told, and not kept',
    foundBy: 17,
    breaks: ['H1', 'I1', 'liveness'],
    store: (own, site) =>
      alteredStore(own, site, {
        after: {
          approveRequest: ({ id }) =>
            site.sql('UPDATE pending_requests SET approved_at = NULL WHERE id = ?', id),
        },
      }),
  },
  {
    name: 'a yes takes no use',
    breaks: ['I1', 'H1', 'liveness'],
    store: (own, site) =>
      alteredStore(own, site, {
        before: {
          approveRequest: ({ id }) =>
            site.sql(
              'UPDATE tokens SET uses = uses + 1 WHERE id = (SELECT token_id FROM pending_requests WHERE id = ?)',
              id,
            ),
        },
        after: {
          approveRequest: ({ id }) =>
            site.sql(
              'UPDATE tokens SET uses = uses - 1 WHERE id = (SELECT token_id FROM pending_requests WHERE id = ?)',
              id,
            ),
        },
      }),
  },
]
