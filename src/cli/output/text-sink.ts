/** The target of a long answer, piece by piece. */
export interface TextSink {
  /** Writes a piece. Resolves when there is room for more. */
  write(text: string): Promise<void>
  /** Ends an answer that is whole. */
  end(): Promise<void>
  /** Ends an answer that is not whole. */
  abandon(): Promise<void>
}

/** Characters that are gathered before they are written: a line at a time costs a call to the system each. */
const CHUNK = 65_536

/** Writes lines or other pieces into a sink, many at a time; the sink ends with them. */
export async function pour(
  pieces: Iterable<string> | AsyncIterable<string>,
  sink: TextSink,
): Promise<void> {
  try {
    let chunk = ''
    for await (const piece of pieces) {
      chunk += piece
      if (chunk.length < CHUNK) continue
      await sink.write(chunk)
      chunk = ''
    }
    if (chunk !== '') await sink.write(chunk)
    await sink.end()
  } catch (error) {
    await sink.abandon()
    throw error
  }
}
