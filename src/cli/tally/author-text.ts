import { shortPeer } from '../text/short-id.ts'

/** The tally's partner, as this side knows it. */
export interface PartnerNamed {
  readonly peerId: string
  readonly identity: { readonly [field: string]: string }
}

/** Names a party to the people on this side: `you`, or the partner by name and key. */
export function authorText(
  party: string | null,
  { peerId, identity }: PartnerNamed,
  isNarrow: boolean,
): string {
  if (party === null) return 'nobody'
  if (party !== peerId) return 'you'
  const name = identity['name'] ?? ''
  return name === '' ? `partner ${shortPeer(peerId, isNarrow)}` : name
}
