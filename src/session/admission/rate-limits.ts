import type { AdmissionLimits, AdmissionSnapshot, BucketCount } from './admission-snapshot.ts'
import { RateTable } from './rate-table.ts'
import type { RefusalCause } from './refusals.ts'

/** Who comes. */
export interface Caller {
  readonly peerId: string
  /** As `addressKey` has it; undefined if the address says nothing. */
  readonly address: string | undefined
}

/**
 * What a session turned out to be: an attempt; a look at the offer, or a last acknowledgment; something that this
 * side had no room for; or a secret that is none of ours.
 */
export type Charge = 'attempt' | 'look' | 'nothing' | 'bad_secret'

/** Peers, and as many addresses, whose buckets are remembered: 1 MiB each. */
const MAX_BUCKETS = 65_536

/** What a look costs of one attempt: who looks, asks its user, and then begins must not be limited for having looked. */
const LOOK_COST = 0.2

/**
 * What a bucket holds beside a minute's attempts: a look before the attempt and one after it. So one redemption fits in any
 * limit, also in that of one attempt per minute.
 */
const SPARE = 2 * LOOK_COST

/** Bad secrets that an address may show for each one that a peer may: households and shops share one. */
const PEERS_PER_ADDRESS = 10

/** How much more a newcomer costs at an address from which too many bad secrets came. */
const SUSPECT_COST = 10

/** The only key of the bucket that all share. */
const ALL = ''

/** Token buckets per peer, per address, and for all together; and apart from them, of bad secrets. */
export class RateLimits {
  readonly #peers = new RateTable(MAX_BUCKETS, SPARE)
  readonly #addresses = new RateTable(MAX_BUCKETS, SPARE)
  readonly #total = new RateTable(1, SPARE)
  /** Of peers and addresses, whose keys can't be the same. */
  readonly #badSecrets = new RateTable(MAX_BUCKETS)
  #limits: AdmissionLimits

  constructor(limits: AdmissionLimits) {
    this.#limits = limits
  }

  apply(limits: AdmissionLimits): void {
    this.#limits = limits
  }

  /**
   * Take what an attempt costs. Whoever holds a reservation answers only for itself, not for its neighbours.
   * @param mono monotonic ms
   * @returns why not, with nothing taken
   */
  take({ peerId, address }: Caller, mono: number, holdsReservation: () => boolean) {
    const { rateLimitPerPeer, rateLimitPerAddress, rateLimitTotal, badSecretsPerPeer } =
      this.#limits
    const banned = this.#badSecrets.wait(peerId, badSecretsPerPeer, mono)
    if (banned > 0) return refused('bad_secrets', banned)
    const ofPeer = this.#peers.take(peerId, rateLimitPerPeer, mono)
    if (ofPeer > 0) return refused('peer_rate', ofPeer)
    const cost = this.#costAt(address, mono)
    const ofAddress =
      address === undefined ? 0 : this.#addresses.take(address, rateLimitPerAddress, mono, cost)
    const ofAll = ofAddress > 0 ? 0 : this.#total.take(ALL, rateLimitTotal, mono)
    if ((ofAddress === 0 && ofAll === 0) || holdsReservation()) return undefined
    this.#peers.giveBack(peerId, rateLimitPerPeer)
    if (ofAddress > 0) return refused('address_rate', ofAddress)
    if (address !== undefined) this.#addresses.giveBack(address, rateLimitPerAddress, cost)
    return refused('total_rate', ofAll)
  }

  /** Give back what it did not cost, or note what it was. @param mono monotonic ms */
  settle({ peerId, address }: Caller, charge: Charge, mono: number): void {
    const { rateLimitPerPeer, rateLimitPerAddress, rateLimitTotal, badSecretsPerPeer } =
      this.#limits
    if (charge === 'bad_secret') {
      this.#badSecrets.take(peerId, badSecretsPerPeer, mono)
      if (address !== undefined)
        this.#badSecrets.take(address, badSecretsPerPeer * PEERS_PER_ADDRESS, mono)
    } else if (charge !== 'attempt') {
      const back = charge === 'look' ? 1 - LOOK_COST : 1
      this.#peers.giveBack(peerId, rateLimitPerPeer, back)
      if (address !== undefined) this.#addresses.giveBack(address, rateLimitPerAddress, back)
      if (charge === 'look') this.#total.giveBack(ALL, rateLimitTotal, back)
    }
  }

  /** @param mono monotonic ms */
  inUse(mono: number): AdmissionSnapshot['buckets'] {
    return {
      peers: count(this.#peers, mono),
      addresses: count(this.#addresses, mono),
      badSecrets: count(this.#badSecrets, mono),
    }
  }

  #costAt(address: string | undefined, mono: number): number {
    if (address === undefined) return 1
    const { badSecretsPerPeer, rateLimitPerAddress } = this.#limits
    const wait = this.#badSecrets.wait(address, badSecretsPerPeer * PEERS_PER_ADDRESS, mono)
    return wait > 0 ? Math.min(SUSPECT_COST, rateLimitPerAddress) : 1
  }
}

function refused(cause: RefusalCause, retryAfterMs: number) {
  return { cause, retryAfterMs }
}

function count(table: RateTable, mono: number): BucketCount {
  return { inUse: table.inUse(mono), capacity: table.capacity }
}
