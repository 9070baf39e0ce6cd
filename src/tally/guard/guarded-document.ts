import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { TallyRefusedError } from '../errors.ts'
import type { GuardAnswer, GuardRequest } from './guard-messages.ts'
import type { OwnDocument, TakenChanges } from './synced-document.ts'
import { threadFile } from './thread-file.ts'

/**
 * How long the thread of a document may take for one answer, ms, its start included: on two busy cores that was 0.7 s.
 */
const MAX_ANSWER_MS = 10_000

/** MiB of memory for JavaScript's objects in the thread of one document. */
const MAX_HEAP_MIB = 96

/** Pages of 64 KiB that any WebAssembly in this process may have, 256 MiB: Automerge needs some 20 MiB for a large tally. */
const MAX_WASM_PAGES = 4_096

/**
 * A document in a thread of its own, where a partner's bytes meet Automerge: a few of them can keep it busy for a very long
 * time or want any amount of memory. The thread is ended when it exceeds its time or its memory, and nothing else is harmed.
 */
export class GuardedDocument {
  readonly #worker: Worker
  readonly #answerMs: number
  #waiting: PromiseWithResolvers<GuardAnswer> | undefined
  #isOver = false

  constructor(own: OwnDocument, { answerMs = MAX_ANSWER_MS } = {}) {
    // V8 has it for a whole process only.
    setFlagsFromString(`--wasm-max-mem-pages=${MAX_WASM_PAGES}`)
    this.#answerMs = answerMs
    this.#worker = new Worker(threadFile(), {
      workerData: own,
      env: {},
      execArgv: [],
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    })
    this.#worker.on('message', (answer: GuardAnswer) => this.#waiting?.resolve(answer))
    this.#worker.on('error', (cause) => this.#end(cause))
    this.#worker.on('exit', () => this.#end())
  }

  /** Reads the document. @returns its heads, in order @throws TallyRefusedError */
  async open(): Promise<readonly string[]> {
    const answer = await this.#ask({ op: 'open' })
    return answer.kind === 'opened' ? answer.heads : []
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async generate(): Promise<Uint8Array | undefined> {
    const answer = await this.#ask({ op: 'generate' })
    return answer.kind === 'said' ? answer.message : undefined
  }

  /** As that of `SyncedDocument`. @throws TallyRefusedError */
  async receive(message: Uint8Array): Promise<TakenChanges | undefined> {
    const answer = await this.#ask({ op: 'receive', message })
    return answer.kind === 'taken' ? answer.taken : undefined
  }

  /** Ends the thread, whatever it is at. Idempotent. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#worker.terminate()
  }

  /** One question at a time. */
  async #ask(request: GuardRequest): Promise<GuardAnswer> {
    if (this.#isOver) throw new TallyRefusedError('too_slow')
    const waiting = Promise.withResolvers<GuardAnswer>()
    this.#waiting = waiting
    const timer = setTimeout(() => this.#end(), this.#answerMs)
    try {
      this.#worker.postMessage(request)
      const answer = await waiting.promise
      if (answer.kind === 'refused') throw new TallyRefusedError(answer.stop)
      return answer
    } finally {
      clearTimeout(timer)
    }
  }

  #end(cause?: unknown): void {
    this.#isOver = true
    this.#waiting?.reject(new TallyRefusedError('too_slow', { cause }))
    void this.#worker.terminate()
  }
}
