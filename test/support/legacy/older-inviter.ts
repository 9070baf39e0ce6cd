import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { OLDER_PROTOCOL, olderNode, readAll, writeWhole } from './older-node.ts'

interface Contact {
  readonly token: string
  readonly partyId: string
  readonly identityBundle: unknown
  readonly cadrePeerAddrs: readonly string[]
}

interface Built {
  readonly tally: { readonly tallyId: string; readonly createdBy: string }
  readonly dbConnectionInfo: { readonly endpoint: string; readonly credentialsRef: string }
}

/** An inviter of an older taleus, with one one-time token. */
export class OlderInviter {
  readonly node: Libp2p
  readonly role: 'stock' | 'foil'
  readonly token = 'older-token-7f3a'
  readonly contacts: Contact[] = []
  readonly results: Built[] = []
  readonly #expires = new Date(Date.now() + 3_600_000).toISOString()
  /** The connections whose peers it has approved, and that have not sent their result. */
  readonly #open = new Set<Connection>()
  /** Refuses every contact with this sentence. */
  refusal: string | undefined
  /** Its token is good once: whoever comes with it again hears that it is not valid. */
  isOneTime = false
  /** Resets the second stream instead of taking it. */
  refusesResults = false

  private constructor(node: Libp2p, role: 'stock' | 'foil') {
    this.node = node
    this.role = role
  }

  static async start(role: 'stock' | 'foil'): Promise<OlderInviter> {
    const inviter = new OlderInviter(await olderNode(true), role)
    await inviter.node.handle(OLDER_PROTOCOL, (stream, connection) =>
      inviter.#serve(stream, connection),
    )
    return inviter
  }

  get peerId(): string {
    return this.node.peerId.toString()
  }

  /** Its link. @param pinned with its peer id at the end of each address */
  link(pinned = true, requirements?: readonly string[]): string {
    const addresses = this.node.getMultiaddrs().map((address) => address.toString())
    return JSON.stringify({
      responderPeerAddrs: pinned
        ? addresses
        : addresses.map((address) => address.replace(/\/p2p\/.*/, '')),
      token: this.token,
      tokenExpiryUtc: this.#expires,
      initiatorRole: this.role,
      ...(requirements === undefined ? {} : { identityRequirements: requirements }),
    })
  }

  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const message: unknown = JSON.parse(await readAll(stream))
    if (isContact(message)) await this.#answer(stream, connection, message)
    else await this.#take(stream, connection, message as Built)
  }

  async #answer(stream: Stream, connection: Connection, contact: Contact): Promise<void> {
    const isSpent = this.isOneTime && this.contacts.length > 0
    this.contacts.push(contact)
    const isKnown = contact.token === this.token && !isSpent
    const reason = this.refusal ?? (isKnown ? undefined : 'Invalid token')
    if (reason !== undefined) return await writeWhole(stream, { approved: false, reason })
    const answer = { approved: true, partyId: 'ivan-1', cadrePeerAddrs: [] }
    if (this.role === 'foil') {
      this.#open.add(connection)
      return await writeWhole(stream, answer)
    }
    const tally = { tallyId: 'ivans-tally-1', createdBy: 'stock' }
    const dbConnectionInfo = { endpoint: 'older://db/ivans-tally-1', credentialsRef: 'ref-9' }
    await writeWhole(stream, { ...answer, provisionResult: { tally, dbConnectionInfo } })
  }

  async #take(stream: Stream, connection: Connection, built: Built): Promise<void> {
    if (this.refusesResults || !this.#open.delete(connection)) {
      stream.abort(new Error('not now'))
      return
    }
    this.results.push(built)
    await stream.close()
  }
}

function isContact(message: unknown): message is Contact {
  return typeof message === 'object' && message !== null && 'token' in message
}
