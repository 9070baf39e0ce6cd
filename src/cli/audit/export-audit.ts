import { queryTrail } from '../../service/trail/query-trail.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { openSink, type SinkFlags } from '../output/open-sink.ts'
import { pour } from '../output/text-sink.ts'
import { type AuditFlags, parseAuditFlags } from './audit-filter.ts'
import { type ExportFormat, exportPieces } from './export-pieces.ts'

/** The result of an export into a file. */
export interface ExportDocument {
  readonly file: string
  readonly records: number
}

/**
 * Writes the records that are wanted to stdout or into a file.
 * @returns undefined if stdout has them
 * @throws FileExistsError, OutputFileError, UsageError, CommandFailure, AuditRecordInvalidError, StoreError
 */
export async function exportAudit(
  locations: Locations,
  flags: AuditFlags & SinkFlags,
  format: ExportFormat,
): Promise<ExportDocument | undefined> {
  return await withContext(locations, async (context) => {
    const query = await parseAuditFlags(context, flags)
    const store = await context.store()
    const origin = { peerId: await context.peerId(), at: Date.now() }
    let records = 0
    const counted = counting(queryTrail(store, query), () => {
      records += 1
    })
    await pour(exportPieces(format, counted, origin), await openSink(flags))
    return flags.out === undefined ? undefined : { file: flags.out, records }
  })
}

async function* counting<Item>(items: AsyncIterable<Item>, seen: () => void): AsyncGenerator<Item> {
  for await (const item of items) {
    seen()
    yield item
  }
}

export function exportText({ file, records }: ExportDocument): string {
  return `${records} ${records === 1 ? 'record' : 'records'} are in ${file}.`
}
