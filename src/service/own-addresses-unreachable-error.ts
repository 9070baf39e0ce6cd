import type { Probe } from '../network/probe.ts'

/** Nobody could be met at any address that this listener's links tell. */
export class OwnAddressesUnreachableError extends Error {
  override readonly name = 'OwnAddressesUnreachableError'
  readonly code = 'listener_unreachable'
  readonly probes: readonly Probe[]

  constructor(probes: readonly Probe[]) {
    const each = probes.map(({ address, problem = '' }) => `${address}: ${problem}`)
    super(`this listener can be met at none of its addresses (${each.join('; ')})`)
    this.probes = probes
  }
}
