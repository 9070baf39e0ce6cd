import { parseListenAddress } from '../address/listen-address.ts'
import { ListenAddressError } from '../errors.ts'
import { MAX_NEIGHBOUR_WAYS } from './answer-neighbours.ts'
import { openMulticast } from './multicast.ts'
import { neighbourName } from './neighbour-name.ts'

/** How long a neighbour has to answer, ms: it takes some tenths of a second, and a wireless network loses the first question. */
const ANSWER_MS = 1_500

/** When the question is asked again, ms: an answer is given once a second. */
const AGAIN_MS = 1_100

/**
 * Asks this network where a peer is now.
 * @returns its multiaddrs without peer id; none if nobody answers. Whoever answers must still prove to be the peer
 */
export async function askNeighbours(peer: string, signal: AbortSignal): Promise<readonly string[]> {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>()
  const nobody = (): void => resolve([])
  const multicast = openMulticast(nobody)
  const name = neighbourName(peer, Date.now())
  const ask = (): void => multicast.query(name, 'TXT')
  multicast.on('response', ({ answers = [] }, { address }) => {
    const found = answers.flatMap((answer) =>
      answer.type === 'TXT' && answer.name === name ? textsOf(answer.data) : [],
    )
    const addresses = addressesAt(address, found)
    if (addresses.length > 0) resolve(addresses)
  })
  multicast.on('ready', ask)
  const again = setTimeout(ask, AGAIN_MS)
  const late = setTimeout(nobody, ANSWER_MS)
  signal.addEventListener('abort', nobody)
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', nobody)
    clearTimeout(again)
    clearTimeout(late)
    multicast.destroy()
  }
}

function textsOf(data: unknown): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(data) ? data : [data]
  return parts.map(String)
}

/** The addresses at the host that the answer came from: nobody can send a dialer anywhere else. */
function addressesAt(host: string, ways: readonly string[]): readonly string[] {
  return ways.slice(0, MAX_NEIGHBOUR_WAYS).flatMap((way) => {
    try {
      return [parseListenAddress(`/ip4/${host}${way}`).text]
    } catch (error) {
      if (error instanceof ListenAddressError) return []
      throw error
    }
  })
}
