import { shortPeer } from './short-id.ts'
import { harmlessWithin } from './terminal-text.ts'

/** Columns that a name may take before the id: a stranger chose it. */
const MAX_NAME = 40

/** A peer by its name, if it has disclosed one, then its id. */
export function peerText(
  { peerId, peerName }: { readonly peerId: string; readonly peerName?: string | null },
  isNarrow: boolean,
): string {
  const id = shortPeer(peerId, isNarrow)
  if (peerName === undefined || peerName === null) return id
  return `${harmlessWithin(peerName, MAX_NAME)} (${id})`
}
