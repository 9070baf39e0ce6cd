import { ListenAddressError } from '../errors.ts'
import { canonicalAddress, dialableProblem } from './dialable-address.ts'

/** A relay, by which others reach who can't be dialled. */
export interface RelayAddress {
  /** The multiaddr without the relay's id, in its canonical spelling. */
  readonly address: string
  /** The id that the relay must prove. @default whoever answers there */
  readonly peerId?: string
}

const END = '/p2p-circuit'
const PEER = /^(.*)\/p2p\/([^/]+)$/

/**
 * Reads a relay's address, with or without the relay's id, e.g. `/dns4/relay.example.org/tcp/443/wss/p2p/12D3Koo…`; with
 * `/p2p-circuit` at its end it is the same.
 * @throws ListenAddressError
 */
export function parseRelayAddress(text: string): RelayAddress {
  const whole = withoutEnd(text)
  const [, before = whole, peerId] = PEER.exec(whole) ?? []
  const address = canonicalAddress(before)
  const problem = dialableProblem(address)
  if (problem !== undefined) throw new ListenAddressError(text, problem)
  if (peerId === undefined) return { address }
  if (!isPeerId(peerId)) throw new ListenAddressError(text, 'has an id in it that is no peer id')
  return { address, peerId }
}

/** The address of whoever is reached by a relay, as links and status tell it: without the ids of both. */
export function addressBeyond({ address }: RelayAddress): string {
  return `${address}${END}`
}

/** The relay of an address beyond one, as `addressBeyond` makes it or with either id. */
export function relayOf(address: string): string {
  const [relay = ''] = address.split(END)
  return relay
}

function withoutEnd(text: string): string {
  return text.endsWith(END) ? text.slice(0, -END.length) : text
}

/** Tells a peer id of any kind of key by its form: whoever answers must prove it. */
function isPeerId(text: string): boolean {
  return /^(?:12D3KooW|16Uiu2HA|Qm)[1-9A-HJ-NP-Za-km-z]{44,45}$/.test(text)
}
