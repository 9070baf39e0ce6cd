import { decodeLink, type LinkContent } from '../../protocol/link/link.ts'
import { linkHash } from '../../protocol/link/secret.ts'
import type { TallyRecord } from '../../session/ports/store.ts'
import type { Store } from '../../store/transaction/store.ts'

/**
 * The tally that this side holds from a link, whether the inviter has confirmed it or not.
 * @throws LinkError, StoreError
 */
export function tallyOfLink(store: Store, text: string): TallyRecord | undefined {
  return tallyFrom(store, decodeLink(text))
}

/** The same, of a link that was read. @throws StoreError */
export function tallyFrom(store: Store, link: LinkContent): TallyRecord | undefined {
  return store.read(({ attempts, tallies }) => {
    const tallyId = attempts.kept(linkHash(link))?.tallyId
    return tallyId === undefined ? undefined : tallies.find(tallyId)
  })
}
