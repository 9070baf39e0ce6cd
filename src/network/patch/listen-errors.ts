import type { Libp2p } from '@libp2p/interface'
import type { ListenError } from '../errors.ts'
import { requireMethods } from './packages.ts'

/**
 * Makes `start` throw the first of the errors that its listeners met: libp2p's own names neither the address nor the
 * system's code.
 *
 * Written for libp2p 3.3.11: replaces `start` of one node.
 * @throws PatchedInternalsError
 */
export function nameListenErrors(node: Libp2p, listenErrors: readonly ListenError[]): void {
  requireMethods(node, ['start'], 'libp2p', 'Libp2p')
  const start = node.start.bind(node)
  node.start = async () => {
    try {
      await start()
    } catch (error) {
      throw listenErrors[0] ?? error
    }
  }
}
