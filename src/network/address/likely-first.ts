import { networkInterfaces } from 'node:os'
import { defaultRoutes, routeTables } from './default-routes.ts'
import type { Interfaces } from './listen-address.ts'

/** The facts by which the ways into this computer are judged. */
export interface WaysIn {
  readonly interfaces: Interfaces
  /** Names of interfaces, best first. */
  readonly defaultRoutes: readonly string[]
  /** True of an IP address through which somebody else has come in. */
  isProven(host: string): boolean
}

/** Interfaces that programs make for containers and virtual machines: others reach this computer there only from inside. */
const INSIDE =
  /^(?:docker|br\d|br-|veth|virbr|vbox|vmnet|vnet|cni|flannel|cali|cilium|lxc|lxd|incus|podman|kube|nerdctl)/

/** After 0 and the indexes of default routes. */
const PROVEN = 1_000
const ORDINARY = 1_001
const ONLY_INSIDE = 1_002

/** The ways into this computer, as far as its tables tell. */
export function waysIn(isProven: WaysIn['isProven'] = () => false): WaysIn {
  return {
    interfaces: networkInterfaces(),
    defaultRoutes: defaultRoutes(routeTables()),
    isProven,
  }
}

/**
 * Puts the addresses first that somebody else is likely to reach: on the default route's interface, then those where
 * somebody came in, then others; those of containers and virtual machines last. An address that is no interface's own is
 * there because a person named it, and counts as the best. Among equals the given order stays.
 */
export function likelyFirst(addresses: readonly string[], ways: WaysIn = waysIn()): string[] {
  const names = new Map<string, string>()
  for (const [name, infos = []] of Object.entries(ways.interfaces)) {
    for (const { address } of infos) names.set(address, name)
  }
  const ranked = addresses.map((address) => ({ address, rank: rankOf(address, names, ways) }))
  return ranked.sort((a, b) => a.rank - b.rank).map(({ address }) => address)
}

function rankOf(
  address: string,
  names: ReadonlyMap<string, string>,
  { defaultRoutes: routes, isProven }: WaysIn,
): number {
  const [, , host = ''] = address.split('/')
  const name = names.get(host)
  if (name === undefined) return 0
  const at = routes.indexOf(name)
  if (at >= 0) return 1 + at
  if (isProven(host)) return PROVEN
  return INSIDE.test(name) ? ONLY_INSIDE : ORDINARY
}
