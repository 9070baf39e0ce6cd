import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import type { CheckedChanges } from './change-check.ts'
import { GuardThread } from './guard-thread.ts'
import type { OwnDocument, OwnMessage, TakenChanges } from './synced-document.ts'

/** A document beside which a partner's messages are judged. */
export interface JudgedDocument {
  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  generate(): Promise<OwnMessage | undefined>
  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  receive(
    message: Uint8Array,
    signatures?: readonly ChangeSignature[],
  ): Promise<TakenChanges | undefined>
}

/** Guards one document at a time. */
export interface Guard {
  /** The document that was guarded before answers no more. */
  guard(own: OwnDocument): JudgedDocument
  end(): Promise<void>
}

/** One document at a time, in a thread that goes on to the next one unless it had to be ended. */
export class DocumentGuard implements Guard {
  readonly #options: ConstructorParameters<typeof GuardThread>[0]
  #thread: GuardThread | undefined

  /** @param options `answerMs`: how long one answer may take, ms. @default 10 s */
  constructor(options?: ConstructorParameters<typeof GuardThread>[0]) {
    this.#options = options
  }

  /** The document that was guarded before answers no more. */
  guard(own: OwnDocument): GuardedDocument {
    if (this.#thread?.isOver !== false) this.#thread = new GuardThread(this.#options)
    return new GuardedDocument(this.#thread, own)
  }

  /** Ends the thread, whatever it is at. The next document has a new one. */
  async end(): Promise<void> {
    await this.#thread?.end()
  }
}

/** A document in a thread where nothing that a partner sends can harm anything else. */
class GuardedDocument implements JudgedDocument {
  readonly #thread: GuardThread
  readonly #own: OwnDocument
  #opening: Promise<readonly string[]> | undefined

  constructor(thread: GuardThread, own: OwnDocument) {
    this.#thread = thread
    this.#own = own
  }

  /** Reads the document. @returns its heads, in order @throws TallyRefusedError */
  open(): Promise<readonly string[]> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async generate(): Promise<OwnMessage | undefined> {
    await this.open()
    const answer = await this.#thread.ask({ op: 'generate' })
    return answer.kind === 'said' ? answer.message : undefined
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async receive(
    message: Uint8Array,
    signatures: readonly ChangeSignature[] = [],
  ): Promise<TakenChanges | undefined> {
    await this.open()
    const answer = await this.#thread.ask({ op: 'receive', message, signatures })
    return answer.kind === 'taken' ? answer.taken : undefined
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async check(
    changes: readonly Uint8Array[],
    signatures: readonly ChangeSignature[],
  ): Promise<CheckedChanges> {
    await this.open()
    const answer = await this.#thread.ask({ op: 'check', changes, signatures })
    if (answer.kind !== 'checked') throw new TypeError('the thread answers something else')
    return answer.checked
  }

  async #open(): Promise<readonly string[]> {
    const answer = await this.#thread.ask({ op: 'open', own: this.#own })
    return answer.kind === 'opened' ? answer.heads : []
  }
}

export type { GuardedDocument }
