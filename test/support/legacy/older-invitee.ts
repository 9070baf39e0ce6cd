import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { olderNode, olderStream, readAll, writeWhole } from './older-node.ts'

/** The members of a link that an older invitee reads. */
export interface OlderLink {
  readonly responderPeerAddrs: readonly string[]
  readonly token: string
  readonly tokenExpiryUtc: string
  readonly initiatorRole: 'stock' | 'foil'
}

export interface OlderResponse {
  readonly approved: boolean
  readonly reason?: string
  readonly partyId?: string
  readonly cadrePeerAddrs?: readonly string[]
  readonly provisionResult?: {
    readonly tally: { readonly tallyId: string; readonly createdBy: string }
    readonly dbConnectionInfo: { readonly endpoint: string; readonly credentialsRef: string }
  }
}

/** An invitee of an older taleus. */
export class OlderInvitee {
  readonly node: Libp2p
  readonly contact = { name: 'Olga' }

  private constructor(node: Libp2p) {
    this.node = node
  }

  static async start(): Promise<OlderInvitee> {
    return new OlderInvitee(await olderNode())
  }

  get peerId(): string {
    return this.node.peerId.toString()
  }

  async connect({ responderPeerAddrs }: OlderLink): Promise<Connection> {
    return await this.node.dial(responderPeerAddrs.map((address) => multiaddr(address)))
  }

  /** The contact that it sends. */
  message({ token }: Pick<OlderLink, 'token'>, identityBundle: object = { name: 'Olga' }): object {
    return { token, partyId: 'olga-1', identityBundle, cadrePeerAddrs: [] }
  }

  /** Asks, on a stream of its own. Undefined: nothing was answered. */
  async ask(connection: Connection, message: object): Promise<OlderResponse | undefined> {
    const stream = await olderStream(connection)
    await writeWhole(stream, message)
    return await answerOn(stream)
  }

  /** foil: says what it has built. @returns whether the stream ended in good order */
  async deliver(connection: Connection, tallyId: string): Promise<boolean> {
    const stream = await olderStream(connection)
    await writeWhole(stream, resultOf(tallyId))
    return await endsWell(stream)
  }

  /** The whole of it, as an older invitee does it. @returns the tally's id */
  async redeem(link: OlderLink, tallyId = 'older-tally-1'): Promise<string> {
    const connection = await this.connect(link)
    const answer = await this.ask(connection, this.message(link))
    if (answer?.approved !== true) throw new Error(`refused: ${answer?.reason}`)
    if (answer.provisionResult !== undefined) return answer.provisionResult.tally.tallyId
    if (!(await this.deliver(connection, tallyId))) throw new Error('the result was not taken')
    return tallyId
  }
}

/** The result of an older invitee that has built for an inviter of the foil. */
export function resultOf(tallyId: string, createdBy: 'stock' | 'foil' = 'foil'): object {
  return {
    tally: { tallyId, createdBy },
    dbConnectionInfo: { endpoint: `older://db/${tallyId}`, credentialsRef: 'ref-1' },
  }
}

async function answerOn(stream: Stream): Promise<OlderResponse | undefined> {
  try {
    const text = await readAll(stream)
    return text === '' ? undefined : (JSON.parse(text) as OlderResponse)
  } catch {
    return undefined
  }
}

export async function endsWell(stream: Stream): Promise<boolean> {
  try {
    await readAll(stream)
    // One that was reset before anybody read it tells no reader so.
    return stream.status !== 'reset'
  } catch {
    return false
  }
}
