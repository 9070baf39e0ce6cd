import { classifyAddress } from '../../network/address/addresses.ts'
import { type Probe, probeAddresses } from '../../network/dial/probe.ts'
import { OwnAddressesUnreachableError } from '../errors.ts'
import type { ListenerStatus } from '../status/listener-status.ts'

/** How long one address has, ms: as long as a dialer gives it. */
const PROBE_TIMEOUT_MS = 5_000

/**
 * Dials a running listener's own addresses as somebody else. Loopback proves something only where it is all there is.
 * @returns those that failed, while another one did not
 * @throws OwnAddressesUnreachableError if all failed, or there is none
 */
export async function proveReachable({
  peerId,
  addresses,
}: Pick<ListenerStatus, 'peerId' | 'addresses'>): Promise<readonly Probe[]> {
  const wider = addresses.filter((address) => classifyAddress(address) !== 'loopback')
  const probes = await probeAddresses(
    peerId,
    wider.length === 0 ? addresses : wider,
    PROBE_TIMEOUT_MS,
  )
  const failed = probes.filter(({ problem }) => problem !== undefined)
  if (failed.length === probes.length) throw new OwnAddressesUnreachableError(failed)
  return failed
}
