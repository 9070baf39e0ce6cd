import { harmlessRows } from '../text/screen-text.ts'
import type { TextSink } from './text-sink.ts'

/** A stream that was there before and is there afterwards: stdout. It never holds more than it has room for. */
export class StreamSink implements TextSink {
  readonly #stream: NodeJS.WritableStream

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream
  }

  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(harmlessRows(text), (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  async end(): Promise<void> {
    // Each write has been waited for, and the stream is not ours to end.
  }

  async abandon(): Promise<void> {
    // What is out is out.
  }
}
