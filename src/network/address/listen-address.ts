import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { networkInterfaces } from 'node:os'
import { ListenAddressError } from '../errors.ts'
import type { AddressScope } from './address-scope.ts'
import { classifyAddress } from './address-scope.ts'
import { canonicalAddress, dialableProblem } from './dialable-address.ts'

/** An address that a node can listen on. */
export interface ListenAddress {
  /** The multiaddr in its canonical spelling. */
  readonly text: string
  /** An IP address. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly transport: 'tcp' | 'ws'
  readonly scope: AddressScope
}

/** The network interfaces of this machine, as `os.networkInterfaces()` tells them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

const CIRCUIT_END = /\/p2p-circuit$/
const LISTENABLE = /^\/ip[46]\/([^/]+)\/tcp\/(\d+)(\/ws)?$/

/**
 * Reads an ip4 or ip6 address with tcp and perhaps ws, e.g. `/ip4/0.0.0.0/tcp/4001/ws`.
 * @throws ListenAddressError
 */
export function parseListenAddress(text: string): ListenAddress {
  const canonical = canonicalAddress(text)
  const [, host, port, webSocket] = LISTENABLE.exec(canonical) ?? []
  if (host === undefined || port === undefined) {
    throw new ListenAddressError(
      text,
      'can not be listened on: use /ip4/…/tcp/… or /ip6/…/tcp/…, or /ws after it',
    )
  }
  return {
    text: canonical,
    host,
    port: Number(port),
    transport: webSocket === undefined ? 'tcp' : 'ws',
    scope: classifyAddress(canonical),
  }
}

/**
 * Reads an address that others can dial: with an IP address or a name, with a port, and no unspecified host; or that of a
 * relay, with `/p2p-circuit` at its end.
 * @returns its canonical spelling
 * @throws ListenAddressError
 */
export function parseAnnounceAddress(text: string): string {
  const canonical = canonicalAddress(text)
  const problem = dialableProblem(canonical.replace(CIRCUIT_END, ''))
  if (problem !== undefined) throw new ListenAddressError(text, problem)
  return canonical
}

/**
 * Replaces 0.0.0.0 and :: by the addresses that this machine has. Link-local IPv6 is left out: it
 * means something only together with an interface of this machine.
 * @throws ListenAddressError if an address can't be listened on
 */
export function expandListenAddresses(
  listen: readonly string[],
  interfaces: Interfaces = networkInterfaces(),
): string[] {
  const expanded = listen.flatMap((text) => {
    const address = parseListenAddress(text)
    if (address.scope !== 'unspecified') return [address.text]
    const family = isIP(address.host)
    return ownHosts(interfaces, family).map((host) => withHost(address, host))
  })
  return [...new Set(expanded)]
}

/**
 * Of these, those that stand for every address of a family of which this machine has none: to listen there works, and
 * nobody can come that way.
 * @throws ListenAddressError if an address can't be listened on
 */
export function addressesWithoutHost(
  listen: readonly string[],
  interfaces: Interfaces = networkInterfaces(),
): readonly string[] {
  return listen.filter((text) => expandListenAddresses([text], interfaces).length === 0)
}

function ownHosts(interfaces: Interfaces, family: number): string[] {
  return Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter((info) => isIP(info.address) === family)
    .filter((info) => family === 4 || !info.scopeid)
    .map((info) => info.address)
}

function withHost({ port, transport }: ListenAddress, host: string): string {
  return `/ip${isIP(host)}/${host}/tcp/${port}${transport === 'ws' ? '/ws' : ''}`
}
