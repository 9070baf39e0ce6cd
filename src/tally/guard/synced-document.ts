import type { Doc, SyncState } from '@automerge/automerge'
import { MAX_SYNC_HEADS, MAX_SYNC_MESSAGE_BYTES } from '../../protocol/sync/sync-limits.ts'
import { automergeLibrary } from '../automerge-library.ts'
import { deriveDocument, growsFrom, holdsDraft, openDocument } from '../document.ts'
import { MAX_DOCUMENT_DEPTH } from '../document-limits.ts'
import { isTooLarge } from '../document-size.ts'
import { TallyRefusedError } from '../errors.ts'

type TallyDocument = Record<string, unknown>

/** A tally's document as this side has it. */
export interface OwnDocument {
  readonly tallyId: string
  readonly draftText: string
  /** Its stored parts; none if nobody has opened it yet. */
  readonly chunks: readonly Uint8Array[]
}

/** The changes that a message has brought. */
export interface TakenChanges {
  /** The changes, as this side writes them; to be stored as a part of the document. */
  readonly chunk: Uint8Array
  readonly changes: number
  /** Heads of the document with them, in order. */
  readonly heads: readonly string[]
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
  /** The document with all that was taken. */
  #bytes: Uint8Array
  /** Changes that build on others which have not come yet. */
  #waiting: readonly Uint8Array[] = []

  /** @throws TallyRefusedError `own_damaged` */
  constructor(own: OwnDocument) {
    const { initSyncState, load } = automergeLibrary()
    this.#own = own
    this.#bytes = ownBytes(own)
    this.#document = load(this.#bytes)
    this.#state = initSyncState()
  }

  get heads(): readonly string[] {
    return automergeLibrary().getHeads(this.#document).toSorted()
  }

  /** Lets go of its memory. It answers no more. */
  free(): void {
    automergeLibrary().free(this.#document)
  }

  /** Makes the next message to the partner; undefined: there is nothing to say. */
  generate(): Uint8Array | undefined {
    const [state, message] = automergeLibrary().generateSyncMessage(this.#document, this.#state)
    this.#state = state
    return message ?? undefined
  }

  /**
   * Takes a message of the partner's, whole or not at all.
   * @returns the changes that are new here; undefined if it brought none that can be taken yet
   * @throws TallyRefusedError
   */
  receive(message: Uint8Array): TakenChanges | undefined {
    const brought = refusing('invalid', () => automergeLibrary().decodeSyncMessage(message).changes)
    const waiting = [...this.#waiting, ...brought]
    const waitingBytes = waiting.reduce((sum, { length }) => sum + length, 0)
    if (waitingBytes > MAX_SYNC_MESSAGE_BYTES) throw new TallyRefusedError('too_large')
    const taken = brought.length === 0 ? undefined : this.#taken(waiting)
    this.#waiting = taken === undefined && brought.length > 0 ? waiting : []
    this.#follow(message, taken)
    return taken
  }

  /** Keeps the changes, if all are there that they build on. */
  #taken(waiting: readonly Uint8Array[]): TakenChanges | undefined {
    const { free, getHeads, getMissingDeps, load, save, saveSince, stats } = automergeLibrary()
    const before = getHeads(this.#document)
    const whole = Buffer.concat([this.#bytes, ...waiting])
    const merged = refusing('invalid', () => load<TallyDocument>(whole))
    try {
      if (getMissingDeps(merged, []).length > 0) return undefined
      const bytes = save(merged)
      this.#check(merged, bytes)
      const changes = stats(merged).numChanges - stats(this.#document).numChanges
      const chunk = saveSince(merged, before)
      this.#bytes = bytes
      return changes === 0 ? undefined : { chunk, changes, heads: getHeads(merged).toSorted() }
    } finally {
      free(merged)
    }
  }

  /** @throws TallyRefusedError */
  #check(merged: Doc<TallyDocument>, bytes: Uint8Array): void {
    const { getConflicts, getHeads } = automergeLibrary()
    const isBeyond =
      isTooLarge(merged, bytes) ||
      getHeads(merged).length > MAX_SYNC_HEADS ||
      isDeeper(merged, MAX_DOCUMENT_DEPTH)
    if (isBeyond) throw new TallyRefusedError('too_large')
    const { tallyId, draftText } = this.#own
    const isOurs =
      getConflicts(merged, 'draft') === undefined &&
      holdsDraft(bytes, draftText) &&
      growsFrom(bytes, tallyId, draftText)
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

function ownBytes({ tallyId, draftText, chunks }: OwnDocument): Uint8Array {
  if (chunks.length === 0) return deriveDocument(tallyId, draftText)
  return refusing('own_damaged', () => openDocument(chunks))
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

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

/** Goes no deeper than it has to: the partner chooses how deep it is. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1))
}
