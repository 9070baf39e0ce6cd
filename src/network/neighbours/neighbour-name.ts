import { createHmac } from 'node:crypto'
import { base32 } from 'multiformats/bases/base32'

/** Keeps these names apart from all that is made of peer ids elsewhere. */
const PURPOSE = 'taleus neighbour 1'

/** Bytes of a name: nobody meets another's by chance. */
const NAME_BYTES = 16

const DAY_MS = 86_400_000

/** Under which names of ours are asked for, on port 5353 as RFC 6762 has it. */
const DOMAIN = '_taleus._udp.local'

/**
 * The name that a peer is asked for by its neighbours. Only who has the peer id, which links tell, can make it or know it;
 * it is another one each day, so that nobody follows a peer by it.
 * @param now milliseconds since the epoch
 */
export function neighbourName(peer: string, now: number): string {
  const day = Math.floor(now / DAY_MS)
  const digest = createHmac('sha256', PURPOSE).update(`${peer} ${day}`).digest()
  return `${base32.baseEncode(digest.subarray(0, NAME_BYTES))}.${DOMAIN}`
}

/** The names that a peer answers to: clocks differ, and a question may be asked at midnight. */
export function answeredNames(peer: string, now: number): ReadonlySet<string> {
  return new Set([-DAY_MS, 0, DAY_MS].map((ms) => neighbourName(peer, now + ms)))
}
