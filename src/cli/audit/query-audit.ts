import { queryTrail } from '../../service/trail/query-trail.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { StreamSink } from '../output/stream-sink.ts'
import { pour } from '../output/text-sink.ts'
import { widthOfTerminal } from '../text/table.ts'
import { timeStyleOf } from '../text/time-text.ts'
import { type AuditFlags, parseAuditFlags } from './audit-filter.ts'
import { auditLines } from './audit-lines.ts'
import { exportPieces, jsonArray } from './export-pieces.ts'

export type QueryFormat = 'text' | 'json' | 'jsonl'

/**
 * Prints the records that are wanted, as they are found: there may be more than fit into memory.
 * @throws UsageError, CommandFailure `not_found`, `ambiguous_id`; AuditRecordInvalidError, StoreError
 */
export async function queryAudit(
  locations: Locations,
  flags: AuditFlags,
  format: QueryFormat,
): Promise<void> {
  return await withContext(locations, async (context) => {
    const query = await parseAuditFlags(context, flags)
    const store = await context.store()
    const peerId = await context.keyId()
    await pour(pieces(queryTrail(store, query), format, peerId), new StreamSink(process.stdout))
  })
}

async function* pieces(
  records: ReturnType<typeof queryTrail>,
  format: QueryFormat,
  peerId: string,
): AsyncGenerator<string> {
  switch (format) {
    case 'text':
      yield* auditLines(records, {
        ...timeStyleOf(process.stdout),
        width: widthOfTerminal(process.stdout),
      })
      return
    case 'jsonl':
      yield* exportPieces('ndjson', records, { peerId, at: Date.now() })
      return
    case 'json':
      yield '{"records":'
      yield* jsonArray(records)
      yield '}\n'
      return
    default:
      format satisfies never
  }
}
