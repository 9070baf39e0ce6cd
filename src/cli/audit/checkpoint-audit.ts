import { compact } from '../../protocol/base/compact.ts'
import { currentCheckpoint } from '../../service/trail/take-checkpoint.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { replaceFile } from './replace-file.ts'

export interface CheckpointDocument {
  /** The log's owner: the first line of the note. */
  readonly origin: string
  /** Records 1 to this one are under it. */
  readonly size: number
  /** The RFC 6962 root over them, in hex. */
  readonly root: string
  /** The signed note, https://c2sp.org/tlog-checkpoint. */
  readonly checkpoint: string
  /** The file it was kept in as well. */
  readonly file?: string
}

/**
 * Signs how far the audit has grown by now.
 * @param out a file to keep it in; what it holds is replaced
 * @throws TrailBrokenError, OutputFileError, StoreError, StoreDamagedError, KeyFileError
 */
export async function checkpointAudit(
  locations: Locations,
  out: string | undefined,
): Promise<CheckpointDocument> {
  return await withContext(locations, async (context) => {
    const key = await context.privateKey()
    const { note, origin, size, root } = await currentCheckpoint(await context.store(), key)
    if (out !== undefined) replaceFile(out, note)
    return compact({
      origin,
      size,
      root: Buffer.from(root).toString('hex'),
      checkpoint: note,
      file: out,
    })
  })
}
