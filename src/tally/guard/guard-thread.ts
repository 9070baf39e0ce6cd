import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { type SyncStop, TallyRefusedError } from '../errors.ts'
import type { GuardAnswer, GuardRequest } from './guard-messages.ts'
import { threadFile } from './thread-file.ts'

/**
 * How long the thread of a document may take for one answer, ms, its start included: on two busy cores that was 0.7 s.
 */
const MAX_ANSWER_MS = 10_000

/** MiB of memory for JavaScript's objects in the thread of a document. */
const MAX_HEAP_MIB = 96

/** Pages of 64 KiB that any WebAssembly in this process may have, 256 MiB: Automerge needs some 20 MiB for a large tally. */
const MAX_WASM_PAGES = 4_096

/**
 * How much WebAssembly runs before V8 compiles it anew, four times as much as by default: for the small documents of most exchanges
 * that took a quarter of all processor time, and was thrown away with the thread. Large ones come to it all the same.
 */
const WASM_TIERING_BUDGET = 50_000_000

/** Node's code for a thread that wanted more memory than it may have. */
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY'

/**
 * A thread where a partner's bytes meet Automerge: a few of them can keep it busy for a very long time or want any amount
 * of memory. It is ended when it exceeds its time or its memory, and when it has refused something, so that nothing of
 * that is left to the next document.
 */
export class GuardThread {
  readonly #worker: Worker
  readonly #answerMs: number
  #waiting: PromiseWithResolvers<GuardAnswer> | undefined
  /** Why it answers no more. */
  #over: SyncStop | undefined

  constructor({ answerMs = MAX_ANSWER_MS, file = threadFile() } = {}) {
    // V8 has them for a whole process only.
    setFlagsFromString(`--wasm-max-mem-pages=${MAX_WASM_PAGES}`)
    setFlagsFromString(`--wasm-tiering-budget=${WASM_TIERING_BUDGET}`)
    this.#answerMs = answerMs
    this.#worker = new Worker(file, {
      env: {},
      execArgv: [],
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    })
    this.#worker.on('message', (answer: GuardAnswer) => this.#waiting?.resolve(answer))
    this.#worker.on('error', (cause) => this.#fail(stopOf(cause), cause))
    this.#worker.on('exit', () => this.#fail('guard_failed'))
  }

  /** True if it answers no more. */
  get isOver(): boolean {
    return this.#over !== undefined
  }

  /** One question at a time. @throws TallyRefusedError */
  async ask(request: GuardRequest): Promise<GuardAnswer> {
    if (this.#over !== undefined) throw new TallyRefusedError(this.#over)
    const waiting = Promise.withResolvers<GuardAnswer>()
    this.#waiting = waiting
    const timer = setTimeout(() => this.#fail('too_slow'), this.#answerMs)
    try {
      this.#worker.postMessage(request)
      const answer = await waiting.promise
      if (answer.kind !== 'refused') return answer
      this.#fail(answer.stop)
      throw new TallyRefusedError(answer.stop)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the thread, whatever it is at. Idempotent. */
  async end(): Promise<void> {
    this.#over ??= 'guard_failed'
    await this.#worker.terminate()
  }

  /** The first reason stays: whatever comes after it is its consequence. */
  #fail(stop: SyncStop, cause?: unknown): void {
    this.#over ??= stop
    this.#waiting?.reject(new TallyRefusedError(this.#over, { cause }))
    void this.#worker.terminate()
  }
}

function stopOf(error: unknown): SyncStop {
  const isMemory = error instanceof Error && 'code' in error && error.code === OUT_OF_MEMORY
  return isMemory ? 'too_slow' : 'guard_failed'
}
