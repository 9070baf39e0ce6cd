import type { ConnectionLimits } from '@libp2p/interface'
import type { RelayBound } from '../../protocol/base/relay-bound.ts'

/** Tells which bound of its relay one circuit has reached. */
interface Meter {
  readonly reached: RelayBound | undefined
}

/** By the limits that libp2p hands on with each connection. */
const METERS = new WeakMap<ConnectionLimits, Meter>()

/** From now on {@link boundReached} asks that meter about connections with these limits. */
export function keepMeter(limits: ConnectionLimits, meter: Meter): void {
  METERS.set(limits, meter)
}

/** The relay's bound that a connection has reached; undefined if none, or if no relay is between. */
export function boundReached(limits: ConnectionLimits | undefined): RelayBound | undefined {
  return limits === undefined ? undefined : METERS.get(limits)?.reached
}
