import { decodeLink } from '../../protocol/link/link.ts'
import { linkHash } from '../../protocol/link/secret.ts'
import type { Store } from '../../store/transaction/store.ts'

/**
 * The tally that this side holds from a link, whether the inviter has confirmed it or not.
 * @throws LinkError, StoreError
 */
export function tallyOfLink(store: Store, text: string): string | undefined {
  const link = decodeLink(text)
  return store.read(({ attempts }) => attempts.kept(linkHash(link)))?.tallyId
}
