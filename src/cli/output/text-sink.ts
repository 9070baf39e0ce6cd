/** Where a long answer goes, piece by piece. */
export interface TextSink {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
  /** All of it is out. */
  end(): Promise<void>
  /** There will be no more, and what was written is not whole. */
  abandon(): Promise<void>
}

/** Characters that are gathered before they are written: a line at a time costs a call to the system each. */
const CHUNK = 65_536

/** Lines or other pieces into a sink, many at a time; the sink ends with them. */
export async function pour(pieces: Iterable<string>, sink: TextSink): Promise<void> {
  try {
    let chunk = ''
    for (const piece of pieces) {
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
