import { open } from 'node:fs/promises'
import { UsageError } from '../errors/errors.ts'

/**
 * Reads a whole file, up to a size.
 * @throws UsageError that names the file if it can't be read or is larger
 */
export async function readFileBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r')
    const stats = await file.stat()
    if (stats.isDirectory()) throw new UsageError(`${path} is a directory, not a file`)
    return await readBounded(file.createReadStream({ autoClose: false }), path, maxBytes)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`can't read ${path}: ${reasonOf(cause)}`, { cause })
  }
}

/** Reads everything a stream gives, up to a size. @throws UsageError that names the source if it is more */
export async function readBounded(
  stream: AsyncIterable<unknown>,
  source: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (!(bytes instanceof Uint8Array)) throw new UsageError(`${source} gives no bytes`)
    size += bytes.length
    if (size > maxBytes) {
      throw new UsageError(`${source} is larger than ${Math.floor(maxBytes / 1024)} KiB`)
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'you may not read it'
  return cause.message
}
