import type { Connection, Transport } from '@libp2p/interface'
import { isMultiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { isRelayed } from '../../protocol/link/link-address.ts'
import type { NodeCertificate } from '../../protocol/node/node-certificate.ts'
import type { NetworkLimits } from './limits.ts'
import { RaceLostError, raceAttempts } from './race-attempts.ts'
import { toError } from './to-error.ts'

/** The options that libp2p hands to a transport. */
export type DialOptions = Parameters<Transport['dial']>[1]

/** One dial of one address, as a transport of the node does it. */
export interface AddressDial {
  /** @throws DialAttemptError, PatchedInternalsError */
  run(options: {
    readonly signal: AbortSignal
    readonly isOneOfSeveral: boolean
  }): Promise<Connection>
  /** Somebody has taken the connection, and it is being secured. */
  isTaken(): boolean
}

/** Prepares the dial of an address by whichever transport is there for it. */
export type PrepareDial = (address: Multiaddr, options: DialOptions) => AddressDial | undefined

/** News of one address while a dial goes on. */
export interface AddressNews {
  /** The multiaddr, with the pinned peer id. */
  readonly address: string
  /** The error, if it failed; absent: it is being tried. */
  readonly error?: unknown
}

type OnProgress = (event: unknown) => void

/**
 * Asks whoever answers at an address, a multiaddr without peer id, for a certificate that it is a node of the peer's that is dialled.
 * @throws WrongPeerError if it is none
 */
export type AskNode = (address: string, signal: AbortSignal) => Promise<NodeCertificate>

/** Our own event, by which a transport finds the race that it dials for: whoever hears it puts itself in. */
class RaceWanted {
  readonly type = 'taleus:race-wanted'
  race: AddressRace | undefined
}

/** The race that a transport was asked to dial for, if there is one. */
export function raceOf({ onProgress }: DialOptions): AddressRace | undefined {
  const wanted = new RaceWanted()
  const tell: unknown = onProgress
  if (typeof tell === 'function') tell(wanted)
  return wanted.race
}

/**
 * All addresses of one `node.dial`, tried beside each other. libp2p itself tries them one after the other: a dead one
 * before the good one costs the whole time of an address. Direct addresses come first, and those beyond relays soon after
 * them, however many there are.
 *
 * Written for libp2p 3.3.11, whose dial queue tells its `onProgress` all addresses that it is going to dial
 * (`dial-queue:calculated-addresses`: resolved and in order), and passes on to it what the transport of each tells. The
 * first one that is dialled runs the race for all; when it is lost, the others fail as they did in it. So the
 * queue keeps its bounds, and its errors are the same. Told no addresses, each is dialled when its turn is.
 */
export class AddressRace {
  /** For the options of `node.dial`. */
  readonly onProgress: OnProgress
  /** Undefined: only the peer itself will do. */
  readonly askNode: AskNode | undefined
  readonly #hear: (news: AddressNews) => void
  readonly #failures = new Map<string, unknown>()
  #addresses: readonly Multiaddr[] = []

  constructor(hear: (news: AddressNews) => void = () => undefined, askNode?: AskNode) {
    this.#hear = hear
    this.askNode = askNode
    this.onProgress = (event) => this.#take(event)
  }

  /**
   * Dials this address and those that come after it, for the transport that libp2p has asked first.
   * @throws the failure of this address
   */
  async dial(
    address: Multiaddr,
    options: DialOptions,
    { prepare, limits }: { readonly prepare: PrepareDial; readonly limits: NetworkLimits },
  ): Promise<Connection> {
    const text = address.toString()
    if (this.#failures.has(text)) throw this.#failures.get(text)
    const rest = this.#from(text)
    const addresses = directFirst(
      (rest.length === 0 ? [address] : rest).slice(0, limits.maxAddressesPerPeer),
    )
    const isOneOfSeveral = addresses.length > 1
    const dials = addresses.flatMap((each) => {
      const dial = prepare(each, options)
      return dial === undefined ? [] : [{ text: each.toString(), dial }]
    })
    try {
      return await raceAttempts(
        dials.map(({ text: each, dial }) => ({
          run: (signal) => {
            this.#hear({ address: each })
            return dial.run({ signal, isOneOfSeveral })
          },
          isTaken: () => dial.isTaken(),
          ...(isRelayed(each) ? { latestMs: limits.relayHeadStartMs } : {}),
        })),
        {
          staggerMs: limits.dialStaggerMs,
          takenStaggerMs: limits.takenDialStaggerMs,
          signal: options.signal,
          discard: (connection) => connection.abort(new Error('another address was faster')),
          failed: (index, error) => this.#note(dials[index]?.text, error),
        },
      )
    } catch (error) {
      if (!(error instanceof RaceLostError)) throw error
      throw this.#failures.get(text) ?? toError(options.signal.reason ?? error)
    }
  }

  #note(address: string | undefined, error: unknown): void {
    if (address === undefined) return
    this.#failures.set(address, error)
    this.#hear({ address, error })
  }

  #from(text: string): readonly Multiaddr[] {
    const at = this.#addresses.findIndex((address) => address.toString() === text)
    return at === -1 ? [] : this.#addresses.slice(at)
  }

  #take(event: unknown): void {
    if (event instanceof RaceWanted) event.race ??= this
    if (!isAddressesTold(event)) return
    this.#addresses = event.detail.map(multiaddrOf).filter((each) => isMultiaddr(each))
  }
}

/** A relay costs somebody else something: whoever can be reached without is. */
function directFirst(addresses: readonly Multiaddr[]): readonly Multiaddr[] {
  const isBeyond = (address: Multiaddr): boolean => isRelayed(address.toString())
  return [
    ...addresses.filter((address) => !isBeyond(address)),
    ...addresses.filter((address) => isBeyond(address)),
  ]
}

function isAddressesTold(event: unknown): event is { readonly detail: readonly unknown[] } {
  if (typeof event !== 'object' || event === null || !('type' in event)) return false
  if (event.type !== 'dial-queue:calculated-addresses') return false
  return 'detail' in event && Array.isArray(event.detail)
}

function multiaddrOf(address: unknown): unknown {
  return typeof address === 'object' && address !== null && 'multiaddr' in address
    ? address.multiaddr
    : undefined
}
