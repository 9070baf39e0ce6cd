import { openFileSink } from './file-sink.ts'
import { StreamSink } from './stream-sink.ts'
import type { TextSink } from './text-sink.ts'

export interface SinkFlags {
  readonly out?: string | undefined
  readonly force?: boolean | undefined
}

/** Opens the file that was named, else stdout. @throws FileExistsError, OutputFileError */
export async function openSink({ out, force = false }: SinkFlags): Promise<TextSink> {
  return out === undefined ? new StreamSink(process.stdout) : await openFileSink(out, { force })
}
