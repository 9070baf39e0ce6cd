import type { Libp2p } from '@libp2p/interface'
import type { ListenError } from '../errors.ts'
import { requireMethods } from './packages.ts'

/** The addresses that started nodes were to listen on, and do not. */
const MISSING = new WeakMap<Libp2p, readonly ListenError[]>()

/** The addresses that a started node was to listen on, and does not since this computer has no IPv6. */
export function missingAddresses(node: Libp2p): readonly ListenError[] {
  return MISSING.get(node) ?? []
}

/**
 * Makes `start` throw the first of the errors that its listeners met: libp2p's own names neither the address nor the
 * system's code. And libp2p lets all IPv6 addresses fail for whatever reason, if those of IPv4 do not: only a computer
 * without IPv6 is let pass here.
 *
 * Written for libp2p 3.3.11: replaces `start` of one node.
 * @throws PatchedInternalsError
 */
export function nameListenErrors(node: Libp2p, listenErrors: readonly ListenError[]): void {
  requireMethods(node, ['start', 'stop'], 'libp2p', 'Libp2p')
  const start = node.start.bind(node)
  node.start = async () => {
    try {
      await start()
    } catch (error) {
      throw listenErrors[0] ?? error
    }
    const fatal = listenErrors.find((each) => !isForLackOfFamily(each))
    MISSING.set(node, listenErrors)
    if (fatal === undefined) return
    await node.stop()
    throw fatal
  }
}

/** True if the computer has no address of that family at all, not even the loopback one. */
function isForLackOfFamily({ address, cause }: ListenError): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const isOfAny = /^\/ip6\/(?:::|::1)\//.test(address)
  return code === 'EAFNOSUPPORT' || (code === 'EADDRNOTAVAIL' && isOfAny)
}
