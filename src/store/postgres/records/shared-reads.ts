import type pg from 'pg'
import type { Query, QueryStep, StepResult } from '../../query/query.ts'
import { drive, execute, reading } from './run-steps.ts'

/** Snapshots that are open at a time: a long question must not hold up the short ones, nor all connections. */
const MAX_OPEN = 3

/** Questions to a snapshot. */
const MAX_SHARING = 200

interface Asked {
  readonly question: () => Query<unknown>
  readonly answer: PromiseWithResolvers<unknown>
}

export interface SharedReadsInit {
  /** Works on a connection, in a transaction that sees all as of one moment; perhaps several times. */
  readonly inSnapshot: (work: (client: pg.ClientBase) => Promise<void>) => Promise<void>
  /** Puts a failure as it is told. */
  readonly failure: (error: unknown) => unknown
}

/**
 * Asks the questions that come in one turn of the event loop in one transaction, on one connection; steps that several of
 * them have are performed once.
 */
export class SharedReads {
  readonly #init: SharedReadsInit
  #waiting: Asked[] = []
  #open = 0
  #isDue = false

  constructor(init: SharedReadsInit) {
    this.#init = init
  }

  /** Rejects with what `failure` makes of what pg or the question throws. */
  ask<Result>(question: () => Query<Result>): Promise<Result> {
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.push({ question, answer })
    this.#gather()
    // Each is answered by its own question.
    return answer.promise as Promise<Result>
  }

  #gather(): void {
    if (this.#isDue || this.#open >= MAX_OPEN || this.#waiting.length === 0) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      void this.#next()
    })
  }

  async #next(): Promise<void> {
    this.#open += 1
    const asked = this.#waiting.splice(0, MAX_SHARING)
    this.#gather()
    await this.#answer(asked)
    this.#open -= 1
    this.#gather()
  }

  /** A statement that fails ends the transaction: each that had no answer yet is then asked alone. */
  async #answer(asked: readonly Asked[]): Promise<void> {
    const left = new Set(asked)
    try {
      await this.#init.inSnapshot((client) => this.#askAll(client, left))
    } catch (error) {
      if (asked.length === 1) asked[0]?.answer.reject(error)
      else for (const each of left) await this.#answer([each])
    }
  }

  /** Takes those out that were answered. @throws what pg throws */
  async #askAll(client: pg.ClientBase, left: Set<Asked>): Promise<void> {
    const steps = new OnceEach(client)
    const ask = async (each: Asked): Promise<void> => {
      try {
        each.answer.resolve(await drive(each.question(), (step) => steps.perform(step)))
      } catch (error) {
        if (steps.failure !== undefined) return
        each.answer.reject(this.#init.failure(error))
      }
      left.delete(each)
    }
    await Promise.all([...left].map(ask))
    if (steps.failure !== undefined) throw steps.failure
  }
}

/** Performs each step once, whoever asks for it. */
class OnceEach {
  readonly #client: pg.ClientBase
  readonly #known = new Map<string, Promise<StepResult>>()
  /** The first statement's that failed. */
  failure: unknown

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  perform(step: QueryStep): Promise<StepResult> {
    const statement = reading(step)
    const key = JSON.stringify([statement.sql, ...statement.values])
    const known = this.#known.get(key) ?? execute(this.#client, statement)
    this.#known.set(key, known)
    known.catch((error: unknown) => {
      this.failure ??= error
    })
    return known
  }
}
