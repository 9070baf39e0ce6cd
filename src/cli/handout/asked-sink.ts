import { FileExistsError } from '../errors/errors.ts'
import { type AskStreams, askYesNo, canAsk } from '../input/ask.ts'
import { openFileSink } from '../output/file-sink.ts'
import type { TextSink } from '../output/text-sink.ts'

export interface ReplaceOptions {
  /** A file that is there may be replaced. @default a person is asked */
  readonly force?: boolean | undefined
  /** Where to ask. @default nobody is asked, and what is there stays */
  readonly streams?: AskStreams | undefined
}

/**
 * Opens a file as `openFileSink` does; on a terminal it asks whether one that is there may go.
 * @throws FileExistsError, also for a no; OutputFileError; CommandFailure `interrupted`
 */
export async function openAskedSink(
  path: string,
  { force = false, streams }: ReplaceOptions,
): Promise<TextSink> {
  try {
    return await openFileSink(path, { force })
  } catch (error) {
    const mayAsk = error instanceof FileExistsError && streams !== undefined && canAsk(streams)
    if (!mayAsk || !(await askYesNo(`${path} exists already. Replace it?`, streams))) throw error
    return await openFileSink(path, { force: true })
  }
}
