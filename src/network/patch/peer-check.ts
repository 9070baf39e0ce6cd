import type { NoiseComponents } from '@chainsafe/libp2p-noise'
import { noise } from '@chainsafe/libp2p-noise'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { noiseCrypto } from './noise-crypto.ts'
import { requireMethods } from './packages.ts'

/** Outbound connections that noise has secured or tried to, and whether somebody else than the pinned peer answered. */
export type Impostors = WeakMap<object, boolean>

/**
 * Noise, which notes the connections whose other side could not prove to be the pinned peer: on its
 * way through the upgrader that error becomes a general one with nothing but a text.
 *
 * Written for @chainsafe/libp2p-noise 17.0.0: replaces `secureOutbound` of its one object, and counts on libp2p 3.3.11
 * to call it with the very connection that its upgrader was given.
 * @param create makes the encrypter; replaced in tests only
 * @throws PatchedInternalsError when the node is made
 */
export function peerCheckingNoise(
  impostors: Impostors,
  create: (components: NoiseComponents) => ConnectionEncrypter = noise({ crypto: noiseCrypto }),
): (components: NoiseComponents) => ConnectionEncrypter {
  return (components) => {
    const encrypter = create(components)
    requireMethods(encrypter, ['secureOutbound'], '@chainsafe/libp2p-noise', 'Noise')
    const secureOutbound = encrypter.secureOutbound.bind(encrypter)
    encrypter.secureOutbound = async (connection, options) => {
      impostors.set(connection, false)
      try {
        return await secureOutbound(connection, options)
      } catch (error) {
        if (error instanceof Error && error.name === 'UnexpectedPeerError') {
          impostors.set(connection, true)
        }
        throw error
      }
    }
    return encrypter
  }
}
