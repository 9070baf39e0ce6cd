import type { Outlet } from './outlet.ts'

/** A pipe, a socket or a file: Node keeps what a pipe does not take, and goes on. */
export class StreamOutlet implements Outlet {
  readonly #stream: NodeJS.WritableStream & { readonly writableLength?: number }

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream
  }

  get waiting(): number {
    // A file is written at once, and counts nothing.
    return this.#stream.writableLength ?? 0
  }

  write(text: string): void {
    this.#stream.write(text)
  }
}
