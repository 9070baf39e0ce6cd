import { randomBytes } from 'node:crypto'
import { MemoryDatabases } from '../../../src/hooks/memory/memory-databases.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { secretHashOf, tokenIdOf } from '../../../src/protocol/link/secret.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { type CutLink, cutLink } from '../../support/postgres/cut-link.ts'
import type { EmbeddedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { type StoreSchema, storeSchema } from '../../support/postgres/store-database.ts'
import { type SigningKey, signingKey } from '../../support/signing-key.ts'
import { NodeOfParty } from './node-of-party.ts'

const HOUR = 3_600_000

/** A link, and how many uses it has. */
export interface NodesInvitation {
  readonly tokenId: string
  readonly link: LinkContent
  readonly uses: number | null
}

/** The store of one party, and the way of one node to it. */
interface WayToStore {
  readonly link: CutLink
  readonly schema: StoreSchema
}

/** One party with several nodes, each on its own connections to one store. */
export class PartyOfNodes {
  readonly peerId: string
  readonly nodes: NodeOfParty[] = []
  readonly invitations: NodesInvitation[] = []
  readonly #key: SigningKey
  readonly #server: EmbeddedPostgres
  readonly #ways: WayToStore[] = []
  readonly #databases = new MemoryDatabases()

  constructor(server: EmbeddedPostgres) {
    this.#server = server
    this.#key = signingKey(randomBytes(32))
    this.peerId = peerIdOfPublicKey(this.#key.publicKey)
  }

  /** The ways to the server, one for each node. */
  get links(): readonly CutLink[] {
    return this.#ways.map(({ link }) => link)
  }

  /** Asks the store as the server's administrator. @throws TypeError if there is no node yet */
  get query(): StoreSchema['query'] {
    return this.#first.query
  }

  /** Names it. @throws TypeError if there is no node yet */
  get schema(): string {
    return this.#first.schema
  }

  get #first(): StoreSchema {
    const [way] = this.#ways
    if (way === undefined) throw new TypeError('there is no node')
    return way.schema
  }

  async addNode(): Promise<void> {
    const link = await cutLink(this.#server.port)
    const schema = storeSchema(this.#server, link.port, this.#ways[0]?.schema.schema)
    this.#ways.push({ link, schema })
    const name = `node-${this.#ways.length}`
    const database = await schema.open(name)
    const party = { peerId: this.peerId, identity: {}, cadre: [] }
    const key = this.#key
    this.nodes.push(new NodeOfParty({ name, database, party, key, databases: this.#databases }))
  }

  /** Issues a token by the first node. */
  async invite(uses: number | null): Promise<NodesInvitation> {
    const secret = randomBytes(16)
    const [id, issuedAt] = [tokenIdOf(secret), Date.now()]
    const expiresAt = Math.floor((issuedAt + HOUR) / 1000)
    const fields = { required: [], optional: [], terms: { unit: 'EUR' } }
    const times = { issuedAt, expiresAt: expiresAt * 1000 }
    const token = {
      id,
      secretHash: secretHashOf(secret),
      role: 'stock',
      uses,
      ...times,
      ...fields,
    } as const
    await this.nodes[0]?.records.transact(() => tokenRecords.issue(token))
    const { publicKey } = this.#key
    const addresses = ['/ip4/127.0.0.1/tcp/1']
    const link = { role: 'stock', secret, expiresAt, publicKey, addresses } as const
    const invitation = { tokenId: id, link, uses }
    this.invitations.push(invitation)
    return invitation
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  /** Removes all that it had. */
  async dispose(): Promise<void> {
    // The first one's schema goes last, with all that is in it.
    for (const { schema } of this.#ways.toReversed()) await schema.dispose()
    for (const { link } of this.#ways) await link.close()
  }
}
