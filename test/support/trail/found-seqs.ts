import { queryTrail, type TrailQuery } from '../../../src/service/trail/query-trail.ts'
import type { RecordStore } from '../../../src/store/query/record-store.ts'

/** The numbers of the records that a query finds, in its order. */
export async function foundSeqs(
  store: Pick<RecordStore, 'query'>,
  query: TrailQuery,
): Promise<readonly number[]> {
  const seqs: number[] = []
  for await (const { entry } of queryTrail(store, query)) seqs.push(entry.seq)
  return seqs
}
