import type { NoiseComponents } from '@chainsafe/libp2p-noise'
import { noise } from '@chainsafe/libp2p-noise'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { noiseCrypto } from './noise-crypto.ts'

/** Connections on which somebody else than the pinned peer answered. */
export type Impostors = WeakSet<object>

/**
 * Noise, which notes the connections whose other side could not prove to be the pinned peer: on its
 * way through the upgrader that error becomes a general one with nothing but a text.
 */
export function peerCheckingNoise(
  impostors: Impostors,
): (components: NoiseComponents) => ConnectionEncrypter {
  const create = noise({ crypto: noiseCrypto })
  return (components) => {
    const encrypter = create(components)
    const secureOutbound = encrypter.secureOutbound.bind(encrypter)
    encrypter.secureOutbound = async (connection, options) => {
      try {
        return await secureOutbound(connection, options)
      } catch (error) {
        if (error instanceof Error && error.name === 'UnexpectedPeerError') {
          impostors.add(connection)
        }
        throw error
      }
    }
    return encrypter
  }
}
