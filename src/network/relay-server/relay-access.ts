import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Connection, Stream } from '@libp2p/interface'
import type { Transport } from '../../session/ports/transport.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import {
  ACCESS_EXCHANGE_MS,
  ACCESS_NONCE_BYTES,
  accessProof,
  GRANTED,
  REFUSED,
} from '../relay/access-proof.ts'
import { createTransport } from '../stream/stream-transport.ts'

/** Decides which peers may reserve a place at a relay. */
export interface RelayPolicy {
  /** Anybody may. */
  readonly open: boolean
  /** Peer ids that may, `12D3KooW…`. */
  readonly allow: ReadonlySet<string>
  /** Anybody who proves to know it may. */
  readonly token?: string
}

/** Proofs that one connection may get wrong: a mistyped token, and a second look at it. */
const MAX_WRONG_PROOFS = 3

/** Knows who may reserve a place, and hears the proofs of those who know the token. */
export class RelayAccess {
  readonly #policy: RelayPolicy
  readonly #localPeer: string
  readonly #proved = new WeakSet<Connection>()
  readonly #wrong = new WeakMap<Connection, number>()

  /** @param localPeer the relay's own peer id */
  constructor(policy: RelayPolicy, localPeer: string) {
    this.#policy = policy
    this.#localPeer = localPeer
  }

  mayReserve(connection: Connection): boolean {
    const { open, allow } = this.#policy
    return open || allow.has(connection.remotePeer.toString()) || this.#proved.has(connection)
  }

  /** Hears one proof, on a stream of its own. Never throws. */
  hear(stream: Stream, connection: Connection): void {
    const { token } = this.#policy
    if (stream.status !== 'open') return
    const transport = createTransport(stream, connection)
    if (token === undefined || (this.#wrong.get(connection) ?? 0) >= MAX_WRONG_PROOFS) {
      transport.reset()
      return
    }
    const nonce = randomBytes(ACCESS_NONCE_BYTES)
    const ends = { relay: this.#localPeer, client: transport.remotePeer }
    const expected = accessProof(token, ends, nonce)
    const clear = patientDeadline(ACCESS_EXCHANGE_MS, () => transport.reset())
    let isHeard = false
    transport.listen({
      frame: (proof) => {
        if (isHeard) return transport.reset()
        isHeard = true
        this.#judge(transport, connection, isSame(proof, expected))
      },
      problem: () => transport.reset(),
      ended: () => undefined,
      closed: clear,
    })
    transport.send(nonce).catch(() => transport.reset())
  }

  #judge(transport: Transport, connection: Connection, isRight: boolean): void {
    if (isRight) this.#proved.add(connection)
    else this.#wrong.set(connection, (this.#wrong.get(connection) ?? 0) + 1)
    transport
      .send(Uint8Array.of(isRight ? GRANTED : REFUSED))
      .then(() => transport.close())
      .catch(() => transport.reset())
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
