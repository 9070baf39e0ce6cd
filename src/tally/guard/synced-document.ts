import type { Doc, SyncState } from '@automerge/automerge'
import type { Role } from '../../protocol/base/role.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import { MAX_SYNC_HEADS, MAX_SYNC_MESSAGE_BYTES } from '../../protocol/sync/sync-limits.ts'
import { automergeLibrary } from '../automerge-library.ts'
import { deriveDocument, heldDraft, originHeads } from '../document.ts'
import { MAX_DOCUMENT_DEPTH } from '../document-limits.ts'
import { isTooLarge } from '../document-size.ts'
import { TallyRefusedError } from '../errors.ts'
import { loadedDocument } from '../loaded-document.ts'
import { ChangeCheck, type CheckedChanges, type NewChange } from './change-check.ts'
import { batchesOf, type OwnMessage } from './message-batches.ts'

type TallyDocument = Record<string, unknown>

/** A tally's document as this side has it. */
export interface OwnDocument {
  readonly tallyId: string
  readonly draftText: string
  /** This side's half. */
  readonly role: Role
  /** Its stored parts; none if nobody has opened it yet. */
  readonly chunks: readonly Uint8Array[]
  /** Heads that the partner has told of its document, before this sync of it; none if it has told none. */
  readonly partnerHeads?: readonly string[] | undefined
}

/** The changes that a message has brought. */
export interface TakenChanges {
  /** The changes, as this side writes them; to be stored as a part of the document. */
  readonly chunk: Uint8Array
  readonly changes: number
  /** Heads of the document with them, in order. */
  readonly heads: readonly string[]
  /** Those of the changes, one each, by whoever made it; in causal order. */
  readonly signatures: readonly ChangeSignature[]
}

/** A document with changes that are not taken yet. */
interface MergedDocument {
  readonly bytes: Uint8Array
  readonly heads: readonly string[]
  readonly added: readonly NewChange[]
  /** Writes the added changes as one part. */
  chunk(): Uint8Array
}

/** Automerge tells it by its text alone, here as of 3.5.0. */
const FORKED = /duplicate seq/i

/**
 * One tally's document and the state of its sync. A partner's changes are taken only through a load of the whole
 * document: what Automerge's sync applies by itself is checked less.
 */
export class SyncedDocument {
  readonly #own: OwnDocument
  #document: Doc<TallyDocument>
  #state: SyncState
  /** Parts of the document that make it with all that was taken. */
  #parts: readonly Uint8Array[]
  /** Changes that build on others which have not come yet. */
  #waiting: readonly Uint8Array[] = []
  /** Signatures of changes that are not taken yet, by hash. */
  readonly #signatures = new Map<string, string>()
  readonly #changes: ChangeCheck
  /** Of the partner's heads, those that are here. */
  #common: readonly string[] = []
  /** Messages that are to follow the last one, since it was too large for one. */
  #following: readonly OwnMessage[] = []
  /** Heads of the document as it began. */
  #origin: readonly string[] | undefined

  /** @throws TallyRefusedError `own_damaged` */
  constructor(own: OwnDocument) {
    this.#own = own
    this.#changes = refusing('own_damaged', () => new ChangeCheck(own))
    this.#parts = partsOf(own)
    this.#document = refusing('own_damaged', () => loadedDocument(this.#parts))
    this.#state = automergeLibrary().initSyncState()
    this.#start(own.partnerHeads ?? [])
  }

  /**
   * Begins the sync where the partner is known to be, if all that it has is here: then the first message has the changes that
   * it lacks, without asking for what it has told already.
   */
  #start(partnerHeads: readonly string[]): void {
    const { encodeSyncMessage, hasHeads, receiveSyncMessage } = automergeLibrary()
    const heads = [...partnerHeads]
    if (heads.length === 0 || !hasHeads(this.#document, heads)) return
    const have = [{ lastSync: heads, bloom: new Uint8Array(0) }]
    const told = encodeSyncMessage({ heads, need: [], have, changes: [] })
    const [document, state] = receiveSyncMessage(this.#document, this.#state, told)
    this.#document = document
    this.#state = state
    this.#common = heads
  }

  get heads(): readonly string[] {
    return automergeLibrary().getHeads(this.#document).toSorted()
  }

  /** Lets go of its memory. It answers no more. */
  free(): void {
    automergeLibrary().free(this.#document)
  }

  /** Makes the next message to the partner; undefined: there is nothing to say. */
  generate(): OwnMessage | undefined {
    if (this.#following.length === 0) this.#following = this.#messages()
    const [next, ...following] = this.#following
    this.#following = following
    return next
  }

  #messages(): readonly OwnMessage[] {
    const { generateSyncMessage } = automergeLibrary()
    const [state, bytes] = generateSyncMessage(this.#document, this.#state)
    this.#state = state
    return bytes === null ? [] : batchesOf(bytes, this.#document, this.#common)
  }

  /**
   * Takes a message of the partner's, whole or not at all.
   * @param signatures of changes in it, and of any others
   * @returns the changes that are new here; undefined if it brought none that can be taken yet
   * @throws TallyRefusedError
   */
  receive(
    message: Uint8Array,
    signatures: readonly ChangeSignature[] = [],
  ): TakenChanges | undefined {
    const { decodeSyncMessage, hasHeads } = automergeLibrary()
    const { changes: brought, heads } = refusing('invalid', () => decodeSyncMessage(message))
    for (const { change, signature } of signatures) this.#signatures.set(change, signature)
    const waiting = [...this.#waiting, ...brought]
    const waitingBytes = waiting.reduce((sum, { length }) => sum + length, 0)
    if (waitingBytes > MAX_SYNC_MESSAGE_BYTES) throw new TallyRefusedError('too_large')
    const taken = brought.length === 0 ? undefined : this.#taken(waiting)
    this.#waiting = taken === undefined && brought.length > 0 ? waiting : []
    this.#follow(message, taken)
    this.#common = heads.filter((head) => hasHeads(this.#document, [head]))
    return taken
  }

  /**
   * Judges changes as a file has them, and takes none.
   * @throws TallyRefusedError if they make no document of this tally, whoever signed them
   */
  check(changes: readonly Uint8Array[], signatures: readonly ChangeSignature[]): CheckedChanges {
    const signed = new Map(signatures.map(({ change, signature }) => [change, signature]))
    const checked = this.#merged(changes, ({ bytes, heads, added }) => ({
      bytes,
      heads,
      changes: added.map((change) => this.#changes.judge(change, signed)),
      given: changes.map(hashOfChange),
    }))
    if (checked === undefined) throw new TallyRefusedError('invalid')
    return checked
  }

  /** Keeps the changes, if all are there that they build on. */
  #taken(waiting: readonly Uint8Array[]): TakenChanges | undefined {
    return this.#merged(waiting, ({ bytes, heads, added, chunk }) => {
      const signatures = this.#changes.signed(added, this.#signatures)
      this.#parts = [bytes]
      this.#signatures.clear()
      const changes = signatures.length
      return changes === 0 ? undefined : { chunk: chunk(), changes, heads, signatures }
    })
  }

  /**
   * Loads the document with more changes, and checks it.
   * @returns undefined if there are none of those that they build on
   */
  #merged<Result>(
    waiting: readonly Uint8Array[],
    use: (merged: MergedDocument) => Result,
  ): Result | undefined {
    const { free, getChangesMetaSince, getHeads, getMissingDeps, load, save, saveSince } =
      automergeLibrary()
    const before = getHeads(this.#document)
    const whole = Buffer.concat([...this.#parts, ...waiting])
    const merged = refusing('invalid', () => load<TallyDocument>(whole))
    try {
      if (getMissingDeps(merged, []).length > 0) return undefined
      const bytes = save(merged)
      this.#check(merged, bytes)
      const added = getChangesMetaSince(merged, before)
      const heads = getHeads(merged).toSorted()
      return use({ bytes, heads, added, chunk: () => saveSince(merged, before) })
    } finally {
      free(merged)
    }
  }

  /** @throws TallyRefusedError */
  #check(merged: Doc<TallyDocument>, bytes: Uint8Array): void {
    const { getConflicts, getHeads, hasHeads } = automergeLibrary()
    const isBeyond =
      isTooLarge(merged, bytes) ||
      getHeads(merged).length > MAX_SYNC_HEADS ||
      isDeeper(merged, MAX_DOCUMENT_DEPTH)
    if (isBeyond) throw new TallyRefusedError('too_large')
    const { tallyId, draftText } = this.#own
    this.#origin ??= originHeads(tallyId, draftText)
    const isOurs =
      getConflicts(merged, 'draft') === undefined &&
      heldDraft(merged) === draftText &&
      hasHeads(merged, [...this.#origin])
    if (!isOurs) throw new TallyRefusedError('draft')
  }

  /** Lets Automerge's own sync see the message, and holds its result against what was taken. */
  #follow(message: Uint8Array, taken: TakenChanges | undefined): void {
    const { receiveSyncMessage } = automergeLibrary()
    const [document, state] = refusing('invalid', () =>
      receiveSyncMessage(this.#document, this.#state, message),
    )
    this.#document = document
    this.#state = state
    if (taken !== undefined && this.heads.join() !== taken.heads.join()) {
      throw new TallyRefusedError('invalid')
    }
  }
}

function partsOf({ tallyId, draftText, chunks }: OwnDocument): readonly Uint8Array[] {
  return chunks.length === 0 ? [deriveDocument(tallyId, draftText)] : chunks
}

/** @throws TallyRefusedError for whatever Automerge throws about bytes that it does not take */
function refusing<Result>(stop: 'invalid' | 'own_damaged', work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    const isFork = FORKED.test(String(cause)) || FORKED.test(String(causeOf(cause)))
    throw new TallyRefusedError(isFork ? 'forked' : stop, { cause })
  }
}

function hashOfChange(change: Uint8Array): string {
  try {
    return automergeLibrary().decodeChange(change).hash
  } catch {
    return ''
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

/** Goes no deeper than it has to: the partner chooses how deep it is. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1))
}
