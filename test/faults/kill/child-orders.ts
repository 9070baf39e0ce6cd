import type { RelayLimits } from '../../../src/network/relay-server/relay-limits.ts'
import type { Death } from './kill-switch.ts'
import type { Says } from './points.ts'

/** What a runner is told, as JSON in its first argument. */
export interface ChildOrders {
  readonly directory: string
  readonly death?: Death
  /** Say each point that is passed, one `passed NAME` a line. */
  readonly trace?: boolean
}

export interface ListenerOrders extends ChildOrders {
  readonly address: string
  /** Relays to have a place at; it is ready when it has one. @default none */
  readonly relays?: readonly string[]
  /** Serve older peers too. @default false */
  readonly legacy?: boolean
  /** ms. @default as `taleus listen` */
  readonly sessionTimeoutMs?: number
}

export interface RelayOrders extends ChildOrders {
  readonly address: string
  /** @default as `taleus relay` */
  readonly limits?: Partial<RelayLimits>
}

export interface InviteeOrders extends ChildOrders {
  readonly link: string
  readonly identity: Readonly<Record<string, string>>
}

export interface DeciderOrders extends ChildOrders {
  /** The request's id. */
  readonly request: string
  readonly says: Says
}

/** @throws SyntaxError, TypeError: only the tests start runners, and they know what they say */
export function ordersOf<Orders extends ChildOrders>(): Orders {
  const [, , text] = process.argv
  if (text === undefined) throw new TypeError('a runner needs its orders')
  return JSON.parse(text)
}
