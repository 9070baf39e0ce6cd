import type { UsedUp } from '../ports/shared-limits.ts'
import {
  type AdmissionLimits,
  BAD_SECRETS_PER_ADDRESS,
  LOOK_COST,
  MAX_BUCKETS,
  RELAY_SHARE,
  SPARE_ATTEMPTS,
  SUSPECT_COST,
} from './admission-limits.ts'
import type { AdmissionSnapshot, BucketCount } from './admission-snapshot.ts'
import type { PeerLimits } from './peer-limits.ts'
import type { RefusalCause } from './refusals.ts'
import { TokenBuckets } from './token-buckets.ts'

/** The keys under which a peer's attempts are counted. */
export interface RateLimitKeys {
  readonly peerId: string
  /** The result of `addressKey`; undefined for an address that is not limited. */
  readonly address: string | undefined
  /** The result of `relayKey`. @default they came by none */
  readonly relay?: string | undefined
}

/**
 * The class of a session as rate limits count it: an attempt; a look at the offer, or a last acknowledgment; nothing if
 * this side had no room for it; or a secret that no invitation has.
 */
export type Charge = 'attempt' | 'look' | 'nothing' | 'bad_secret'

/** Relays whose buckets are remembered: as many as a setting may name, and those before it was changed. */
const MAX_RELAYS = 16

/** The only key in the table of the bucket that all share. */
const ALL = ''

/** Token buckets per peer, per address and for all together, and separate ones for bad secrets. */
export class RateLimits {
  readonly #peers = new TokenBuckets(MAX_BUCKETS, SPARE_ATTEMPTS)
  readonly #addresses = new TokenBuckets(MAX_BUCKETS, SPARE_ATTEMPTS)
  readonly #total = new TokenBuckets(1, SPARE_ATTEMPTS)
  /** A listener has few. */
  readonly #relays = new TokenBuckets(MAX_RELAYS, SPARE_ATTEMPTS)
  /** By peer and by address: their keys can't be the same. */
  readonly #badSecrets = new TokenBuckets(MAX_BUCKETS)
  #limits: AdmissionLimits

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  apply(limits: AdmissionLimits): void {
    this.#limits = limits
  }

  /**
   * Takes the cost of an attempt from each bucket. Only its own peer's bucket limits a peer that holds a reservation,
   * not its neighbours'.
   * @param mono monotonic ms
   * @returns the refusal, with nothing taken; undefined if there was enough
   */
  take({ peerId, address, relay }: RateLimitKeys, mono: number, isHolder: boolean) {
    const { rateLimitPerPeer, rateLimitPerAddress, rateLimitTotal, badSecretsPerPeer } =
      this.#limits
    const banned = this.#badSecrets.wait(peerId, badSecretsPerPeer, mono)
    if (banned > 0) return refused('bad_secrets', banned)
    const ofPeer = this.#peers.take(peerId, rateLimitPerPeer, mono)
    if (ofPeer > 0) return refused('peer_rate', ofPeer)
    const cost = this.#costAt(address, mono)
    const ofAddress =
      address === undefined ? 0 : this.#addresses.take(address, rateLimitPerAddress, mono, cost)
    const ofRelay = relay === undefined ? 0 : this.#relays.take(relay, this.#relayRate, mono)
    const ofPlace = Math.max(ofAddress, ofRelay)
    const ofAll = ofPlace > 0 ? 0 : this.#total.take(ALL, rateLimitTotal, mono)
    if ((ofPlace === 0 && ofAll === 0) || isHolder) return undefined
    this.#peers.giveBack(peerId, rateLimitPerPeer)
    if (ofPlace > 0) return refused('address_rate', ofPlace)
    if (relay !== undefined) this.#relays.giveBack(relay, this.#relayRate)
    if (address !== undefined) this.#addresses.giveBack(address, rateLimitPerAddress, cost)
    return refused('total_rate', ofAll)
  }

  /** True if the buckets that are everybody's hold too little for one more attempt. @param mono monotonic ms */
  isShort({ address, relay }: RateLimitKeys, mono: number): boolean {
    const { rateLimitPerAddress, rateLimitTotal } = this.#limits
    if (this.#total.wait(ALL, rateLimitTotal, mono) > 0) return true
    if (relay !== undefined && this.#relays.wait(relay, this.#relayRate, mono) > 0) return true
    if (address === undefined) return false
    const cost = this.#costAt(address, mono)
    return this.#addresses.wait(address, rateLimitPerAddress, mono, cost) > 0
  }

  /** Gives back what a session that is over did not cost, or counts its bad secret. @param mono monotonic ms */
  settle({ peerId, address, relay }: RateLimitKeys, charge: Charge, mono: number): void {
    const { rateLimitPerPeer, rateLimitPerAddress, rateLimitTotal, badSecretsPerPeer } =
      this.#limits
    if (charge === 'bad_secret') {
      this.#badSecrets.take(peerId, badSecretsPerPeer, mono)
      if (address !== undefined)
        this.#badSecrets.take(address, badSecretsPerPeer * BAD_SECRETS_PER_ADDRESS, mono)
    } else if (charge !== 'attempt') {
      const back = charge === 'look' ? 1 - LOOK_COST : 1
      this.#peers.giveBack(peerId, rateLimitPerPeer, back)
      if (address !== undefined) this.#addresses.giveBack(address, rateLimitPerAddress, back)
      if (relay !== undefined) this.#relays.giveBack(relay, this.#relayRate, back)
      if (charge === 'look') this.#total.giveBack(ALL, rateLimitTotal, back)
    }
  }

  /** Counts what a peer has used up at another node of this party. @param mono monotonic ms */
  usedElsewhere({ of, key, amount }: UsedUp, mono: number): void {
    const { rateLimitPerPeer, badSecretsPerPeer } = this.#limits
    if (of === 'attempts') return this.#peers.drain(key, rateLimitPerPeer, mono, amount)
    const times = of === 'bad_secrets_at' ? BAD_SECRETS_PER_ADDRESS : 1
    this.#badSecrets.drain(key, badSecretsPerPeer * times, mono, amount)
  }

  /** Tells what a peer may still do. @param mono monotonic ms */
  ofPeer(peerId: string, mono: number): Pick<PeerLimits, 'attempts' | 'badSecrets'> {
    const { rateLimitPerPeer, badSecretsPerPeer } = this.#limits
    return {
      attempts: standing(this.#peers, peerId, rateLimitPerPeer, mono),
      badSecrets: standing(this.#badSecrets, peerId, badSecretsPerPeer, mono),
    }
  }

  /** Forgets what a peer has used up, also of bad secrets. The limits of its address and of all stay as they are. */
  resetPeer(peerId: string): void {
    this.#peers.fill(peerId)
    this.#badSecrets.fill(peerId)
  }

  /** @param mono monotonic ms */
  inUse(mono: number): AdmissionSnapshot['buckets'] {
    return {
      peers: count(this.#peers, mono),
      addresses: count(this.#addresses, mono),
      badSecrets: count(this.#badSecrets, mono),
    }
  }

  get #relayRate(): number {
    return Math.max(1, Math.floor(this.#limits.rateLimitTotal * RELAY_SHARE))
  }

  #costAt(address: string | undefined, mono: number): number {
    if (address === undefined) return 1
    const { badSecretsPerPeer, rateLimitPerAddress } = this.#limits
    const wait = this.#badSecrets.wait(address, badSecretsPerPeer * BAD_SECRETS_PER_ADDRESS, mono)
    return wait > 0 ? Math.min(SUSPECT_COST, rateLimitPerAddress) : 1
  }
}

function refused(cause: RefusalCause, retryAfterMs: number) {
  return { cause, retryAfterMs }
}

/** Rounded down: a part of an attempt is none. A look takes less than one, and may leave a little more than a minute's worth. */
function standing(table: TokenBuckets, peerId: string, perMinute: number, mono: number) {
  const left = Math.max(0, Math.floor(Math.min(perMinute, table.left(peerId, perMinute, mono))))
  return { left, perMinute, retryAfterMs: table.wait(peerId, perMinute, mono) }
}

function count(table: TokenBuckets, mono: number): BucketCount {
  return { inUse: table.inUse(mono), capacity: table.capacity }
}
