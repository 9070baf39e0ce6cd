import type { Store } from '../../store/transaction/store.ts'

/** Ids of invitations, ours and others', that begin so; at most ten. @throws StoreError */
export function knownTokens(store: Store, prefix: string): readonly string[] {
  return store.read(({ ids }) => ids.tokensStartingWith(prefix))
}

/** Ids of peers that begin or end so; at most ten. @throws StoreError */
export function knownPeers(store: Store, part: string): readonly string[] {
  return store.read(({ ids }) => ids.peersLike(part))
}
