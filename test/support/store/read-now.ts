import type { Query } from '../../../src/store/query/query.ts'
import type { RecordStore } from '../../../src/store/query/record-store.ts'

/** Answers a query of a store of SQLite, which answers before its promise is awaited. @throws Error if it can't */
export function readNow<Result>(
  store: Pick<RecordStore, 'query'>,
  question: () => Query<Result>,
): Result {
  let answer: { readonly found: Result } | undefined
  let failure: unknown
  store
    .query(function* () {
      try {
        answer = { found: yield* question() }
      } catch (error) {
        failure = error
      }
    })
    .catch(() => undefined)
  if (answer === undefined) throw failure ?? new Error('the store has not answered')
  return answer.found
}
