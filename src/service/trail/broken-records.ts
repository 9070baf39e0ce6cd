import { isDeepStrictEqual } from 'node:util'
import { chainHash, GENESIS, leafHash } from '../../audit/record/chain.ts'
import { auditWalk, type RecordLinks } from '../../store/audit/audit-walk.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type AuditEntry, auditEntry } from './audit-entry.ts'

/**
 * Checks records that are about to be shown against their neighbours in the chain. Somebody who chained all records anew
 * behind a change is found by `audit verify` only.
 * @returns the numbers of those that are not as they were written
 * @throws StoreError, AuditRecordInvalidError
 */
export async function brokenRecords(
  store: Pick<RecordStore, 'query'>,
  entries: readonly AuditEntry[],
): Promise<readonly number[]> {
  const seqs = entries.map(({ seq }) => seq)
  const links = await store.query(() => auditWalk.links(seqs))
  const bySeq = new Map(links.map((link) => [link.seq, link]))
  const broken = entries.filter((entry) => {
    const link = bySeq.get(entry.seq)
    return link === undefined || !isLinked(link) || !isDeepStrictEqual(auditEntry(link), entry)
  })
  return broken.map(({ seq }) => seq)
}

/** Where a neighbour was removed, or is not there yet, nothing can be compared. */
function isLinked({ seq, text, hash, previous, next }: RecordLinks): boolean {
  const before = seq === 1 ? GENESIS : previous
  const fits = before === undefined || isNext(before, { text, hash })
  return fits && (next === undefined || isNext(hash, next))
}

function isNext(previous: Uint8Array, { text, hash }: Pick<RecordLinks, 'text' | 'hash'>): boolean {
  return Buffer.compare(chainHash(previous, leafHash(text)), hash) === 0
}
