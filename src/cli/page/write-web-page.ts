import { openSink, type SinkFlags } from '../output/open-sink.ts'
import { pour } from '../output/text-sink.ts'
import { webPage } from './web-page.ts'

/** The page under `--json`: itself, unless it has gone into a file. */
export interface WebPageDocument {
  readonly page?: string
  readonly file?: string
}

/** Writes the page where it is wanted. @throws FileExistsError, OutputFileError */
export async function writeWebPage(flags: SinkFlags, isJson: boolean): Promise<WebPageDocument> {
  const page = await webPage()
  if (flags.out === undefined && isJson) return { page }
  await pour([page], await openSink(flags))
  return flags.out === undefined ? { page } : { file: flags.out }
}
