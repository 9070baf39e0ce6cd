import { fileURLToPath } from 'node:url'
import { readFileBounded } from '../input/read-bounded.ts'

/** Several times what it has. */
const MAX_READER_BYTES = 8 * 1024 * 1024

/** The reader of codes, WebAssembly. Left to itself its library would fetch it from the network. */
export async function readerWasm(): Promise<Uint8Array<ArrayBuffer>> {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  return new Uint8Array(await readFileBounded(file, MAX_READER_BYTES))
}
