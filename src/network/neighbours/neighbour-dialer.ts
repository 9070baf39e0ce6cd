import { setTimeout as sleep } from 'node:timers/promises'
import { PeerUnreachableError, WrongPeerError } from '../../session/errors.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import type { Transport } from '../../session/ports/transport.ts'
import { classifyAddress } from '../address/address-scope.ts'

/** An inviter who answers within this time, ms, is not asked for on the network. */
const QUIET_MS = 1_000

/** Asks the network where a peer is. @returns multiaddrs without peer id */
export type AskNeighbours = (peer: string, signal: AbortSignal) => Promise<readonly string[]>

/**
 * Dials the addresses of a link; and where the peer is not met there soon, and was on a network like this one, also the
 * address that it has here now: a router may have given it another one since the link was made.
 */
export class NeighbourDialer implements Dialer {
  readonly localPeer: string
  readonly #dialer: Dialer
  readonly #ask: AskNeighbours

  constructor(dialer: Dialer, ask: AskNeighbours = askLoaded) {
    this.localPeer = dialer.localPeer
    this.#dialer = dialer
    this.#ask = ask
  }

  async dial(peer: string, addresses: readonly string[], signal: AbortSignal): Promise<Transport> {
    if (!addresses.some(isNear)) return await this.#dialer.dial(peer, addresses, signal)
    signal.throwIfAborted()
    const own = new AbortController()
    const over = new AbortController()
    const abort = (): void => own.abort(signal.reason)
    signal.addEventListener('abort', abort)
    const first = this.#dialer.dial(peer, addresses, own.signal)
    const found = this.#find(peer, addresses, first, over.signal)
    try {
      const moved = await Promise.race([first.then(nothing), found.then(orNever)])
      if (moved === undefined) return await first
      own.abort()
      return await first
    } catch (error) {
      if (signal.aborted || !(own.signal.aborted || isNotThere(error))) throw error
      const moved = await found
      if (moved.length === 0) throw error
      // What the link says was given up for it: two dials of one peer would be one, of the first's addresses.
      return await this.#dialer.dial(peer, [...moved, ...addresses], signal)
    } finally {
      signal.removeEventListener('abort', abort)
      over.abort()
    }
  }

  /** Asks when it is time to, or at once when the dial has failed. @returns addresses that the link does not have */
  async #find(
    peer: string,
    known: readonly string[],
    dial: Promise<unknown>,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const quiet = sleep(QUIET_MS, false, { signal, ref: false }).catch(() => true)
    const isOver = await Promise.race([quiet, dial.then(isSo, isNotSo)])
    if (isOver || signal.aborted) return []
    const found = await this.#ask(peer, signal).catch(() => [])
    return found.filter((address) => !known.includes(address))
  }
}

async function askLoaded(peer: string, signal: AbortSignal): Promise<readonly string[]> {
  const { askNeighbours } = await import('./ask-neighbours.ts')
  return await askNeighbours(peer, signal)
}

function isNear(address: string): boolean {
  const scope = classifyAddress(address)
  return scope === 'private' || scope === 'link-local' || scope === 'reserved'
}

/** Somebody else may have the address now. */
function isNotThere(error: unknown): boolean {
  return error instanceof PeerUnreachableError || error instanceof WrongPeerError
}

function nothing(): undefined {
  return undefined
}

function isSo(): boolean {
  return true
}

function isNotSo(): boolean {
  return false
}

/** Stands for ever where nothing was found: the dial alone tells then. */
function orNever(found: readonly string[]): readonly string[] | Promise<never> {
  return found.length > 0 ? found : new Promise<never>(() => undefined)
}
