import { buildDraft } from '../../../src/protocol/draft/draft.ts'
import type { ChangeSignature } from '../../../src/protocol/sync/change-signature.ts'
import type { KnownHeads, TallyHeads } from '../../../src/protocol/sync/sync-frames.ts'
import { type ChangeSigner, signChange } from '../../../src/tally/change-author.ts'
import { deriveDocument, documentHeads, openDocument, setKey } from '../../../src/tally/document.ts'
import type { OwnDocument } from '../../../src/tally/guard/synced-document.ts'
import { SyncedDocument } from '../../../src/tally/guard/synced-document.ts'
import { hostSync, seekSync } from '../../../src/tally/sync/sync-exchange.ts'
import type { SyncChannel, SyncReplicas, SyncTurn } from '../../../src/tally/sync/sync-ports.ts'
import type { TallyEdit } from '../../../src/tally/tally-edit.ts'
import { signerOf } from '../audit/signer.ts'

/** Alice, who holds the stock, and Bob. */
export const ALICE = signerOf(1)
export const BOB = signerOf(2)

/** The text of a draft of that tally, between Alice and Bob. */
export function draftOf(tallyId: string): string {
  return buildDraft({
    tallyId,
    createdAt: 1_700_000_000_000,
    createdBy: 'stock',
    stock: { partyId: ALICE.peerId, identity: {}, cadre: [] },
    foil: { partyId: BOB.peerId, identity: {}, cadre: [] },
    terms: {},
  }).text
}

/** One party's documents, in memory. */
export class Party implements SyncReplicas {
  readonly #signer: ChangeSigner
  readonly documents = new Map<string, OwnDocument>()
  /** By change. */
  readonly signatures = new Map<string, ChangeSignature>()
  /** Tallies that were opened for a sync. */
  readonly opened: string[] = []
  readonly toldHeads = new Map<string, readonly string[]>()
  addressesTold: readonly string[] = []
  /** Exchanges that have let go of it. */
  closed = 0

  constructor(name: 'alice' | 'bob', tallyIds: readonly string[]) {
    this.#signer = name === 'alice' ? ALICE : BOB
    const role = name === 'alice' ? 'stock' : 'foil'
    for (const tallyId of tallyIds) {
      const draftText = draftOf(tallyId)
      const chunks = [deriveDocument(tallyId, draftText)]
      this.documents.set(tallyId, { tallyId, draftText, role, chunks })
    }
  }

  bytes(tallyId: string): Uint8Array {
    return openDocument(this.documents.get(tallyId)?.chunks ?? [])
  }

  set(tallyId: string, key: string, value: TallyEdit['value'], at = 1_700_000_001_000): void {
    const edit = { peerId: this.#signer.peerId, key, value, at }
    const { change, hash } = setKey(this.bytes(tallyId), edit)
    if (hash === undefined) return
    this.#add(tallyId, change, [signChange(this.#signer, tallyId, hash)])
  }

  headsOf(tallyId: string): readonly string[] {
    return documentHeads(this.bytes(tallyId))
  }

  async all(): Promise<readonly KnownHeads[]> {
    return [...this.documents.keys()].map((id) => ({ tallyId: id, heads: this.headsOf(id) }))
  }

  async heads(tallyIds: readonly string[]): Promise<readonly TallyHeads[]> {
    return tallyIds.map((id) => ({
      tallyId: id,
      heads: this.documents.has(id) ? this.headsOf(id) : null,
    }))
  }

  async open(tallyId: string) {
    this.opened.push(tallyId)
    const own = this.documents.get(tallyId)
    if (own === undefined) throw new Error('no such tally')
    const document = new SyncedDocument(own)
    return {
      generate: async () => {
        const said = document.generate()
        if (said === undefined) return undefined
        const signatures = said.changes.flatMap((change) => this.signatures.get(change) ?? [])
        return { message: said.bytes, signatures, wantsAll: false }
      },
      receive: async ({ message, signatures }: SyncTurn) => {
        const taken = document.receive(message, signatures)
        if (taken !== undefined) this.#add(tallyId, taken.chunk, taken.signatures)
      },
      close: async () => undefined,
    }
  }

  async equal(tallies: readonly KnownHeads[]): Promise<void> {
    for (const { tallyId, heads } of tallies) this.toldHeads.set(tallyId, heads)
  }

  async different(theirs: readonly KnownHeads[]): Promise<void> {
    for (const { tallyId, heads } of theirs) this.toldHeads.set(tallyId, heads)
  }

  async reachedAt(addresses: readonly string[]): Promise<void> {
    this.addressesTold = addresses
  }

  async close(): Promise<void> {
    this.closed += 1
  }

  #add(tallyId: string, chunk: Uint8Array, signatures: readonly ChangeSignature[]): void {
    for (const each of signatures) this.signatures.set(each.change, each)
    const own = this.documents.get(tallyId)
    if (own !== undefined) this.documents.set(tallyId, { ...own, chunks: [...own.chunks, chunk] })
  }
}

/** Two ends of a stream; counts the bytes, and the frames of either direction. */
export class Wire {
  readonly frames: Uint8Array[] = []
  readonly #sent: [Uint8Array[], Uint8Array[]] = [[], []]
  readonly #queues: [Uint8Array[], Uint8Array[]] = [[], []]
  readonly #waiting: [(() => void)[], (() => void)[]] = [[], []]

  /** What this end has sent, in order. */
  sentBy(side: 0 | 1): readonly Uint8Array[] {
    return this.#sent[side]
  }

  end(side: 0 | 1): SyncChannel {
    const other = side === 0 ? 1 : 0
    return {
      send: async (payload) => {
        this.frames.push(payload)
        this.#sent[side].push(payload)
        this.#queues[other].push(payload)
        this.#waiting[other].shift()?.()
      },
      receive: async () => {
        while (this.#queues[side].length === 0) {
          await new Promise<void>((resolve) => this.#waiting[side].push(resolve))
        }
        return this.#queues[side].shift() ?? new Uint8Array(0)
      },
    }
  }
}

/** Lets Bob seek Alice about these tallies. */
export async function syncParties(
  alice: SyncReplicas,
  bob: SyncReplicas,
  tallyIds: readonly string[],
): Promise<Wire> {
  const wire = new Wire()
  await Promise.all([
    hostSync({ channel: wire.end(0), replicas: alice, addresses: ['/ip4/127.0.0.1/tcp/1'] }),
    seekSync({ channel: wire.end(1), replicas: bob, addresses: [] }, tallyIds),
  ])
  return wire
}
