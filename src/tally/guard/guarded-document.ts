import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import type { CheckedChanges } from './change-check.ts'
import type { GuardAnswer, GuardQuestion } from './guard-messages.ts'
import { GuardThread } from './guard-thread.ts'
import type { OwnMessage } from './message-batches.ts'
import type { OwnDocument, TakenChanges } from './synced-document.ts'

/** A document beside which a partner's messages are judged. */
export interface JudgedDocument {
  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  generate(): Promise<OwnMessage | undefined>
  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  receive(
    message: Uint8Array,
    signatures?: readonly ChangeSignature[],
  ): Promise<TakenChanges | undefined>
  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  check(
    changes: readonly Uint8Array[],
    signatures: readonly ChangeSignature[],
  ): Promise<CheckedChanges>
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

  /** @param options `answerMs`: how long one answer may take, ms, by default 10 s; `file`: of the thread, by default ours */
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
  /** Until it was handed over, with the first question. */
  #own: OwnDocument | undefined

  constructor(thread: GuardThread, own: OwnDocument) {
    this.#thread = thread
    this.#own = own
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async heads(): Promise<readonly string[]> {
    const answer = await this.#ask({ op: 'heads' })
    return answer.kind === 'told' ? answer.heads : []
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async generate(): Promise<OwnMessage | undefined> {
    const answer = await this.#ask({ op: 'generate' })
    return answer.kind === 'said' ? answer.message : undefined
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async receive(
    message: Uint8Array,
    signatures: readonly ChangeSignature[] = [],
  ): Promise<TakenChanges | undefined> {
    const answer = await this.#ask({ op: 'receive', message, signatures })
    return answer.kind === 'taken' ? answer.taken : undefined
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async check(
    changes: readonly Uint8Array[],
    signatures: readonly ChangeSignature[],
  ): Promise<CheckedChanges> {
    const answer = await this.#ask({ op: 'check', changes, signatures })
    if (answer.kind !== 'checked') throw new TypeError('the thread answers something else')
    return answer.checked
  }

  async #ask(question: GuardQuestion): Promise<GuardAnswer> {
    const own = this.#own
    this.#own = undefined
    return await this.#thread.ask(own === undefined ? question : { ...question, own })
  }
}

export type { GuardedDocument }
