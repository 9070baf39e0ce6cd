import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { UsageError } from '../errors/errors.ts'

/**
 * How long a file, a pipe or standard input may take to come whole, ms: time to type a passphrase for the program at the
 * other end of the pipe. A person at a terminal has all the time there is.
 */
const MAX_READ_MS = 300_000

export interface LineBounds {
  /** Characters of one line: a line without an end must not fill the memory. */
  readonly maxLine: number
  readonly maxBytes: number
}

/**
 * Reads a whole file, or a pipe that has a name, up to a size.
 * @throws UsageError that names the file if it can't be read, is larger, or takes too long
 */
export async function readFileBounded(
  path: string,
  maxBytes: number,
  maxMs: number = MAX_READ_MS,
): Promise<Uint8Array> {
  return await readBounded(opened(path), path, maxBytes, maxMs)
}

/** Reads everything a stream gives, up to a size. @throws UsageError that names the source if it is more, or takes too long */
export async function readBounded(
  stream: AsyncIterable<unknown>,
  source: string,
  maxBytes: number,
  maxMs: number = MAX_READ_MS,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const bytes of bounded(stream, source, maxBytes, maxMs)) chunks.push(bytes)
  return Buffer.concat(chunks)
}

/** Reads a text file line by line; takes CRLF, too. @throws UsageError that names the file */
export async function* readLines(
  path: string,
  { maxLine, maxBytes }: LineBounds,
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of bounded(opened(path), path, maxBytes, 0)) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
    if (rest.length > maxLine) throw new UsageError(`${path} has a line that is too long`)
  }
  if (rest !== '') yield rest
}

/** @param maxMs 0: however long it takes */
async function* bounded(
  stream: AsyncIterable<unknown>,
  source: string,
  maxBytes: number,
  maxMs: number,
): AsyncGenerator<Uint8Array, undefined> {
  const waits = maxMs > 0 && Reflect.get(stream, 'isTTY') !== true
  const late = new UsageError(`${source} does not come to an end within ${maxMs / 1_000} s`)
  const timer = waits ? setTimeout(() => destroy(stream, late), maxMs) : undefined
  let size = 0
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      if (!(bytes instanceof Uint8Array)) throw new UsageError(`${source} gives no bytes`)
      size += bytes.length
      if (size > maxBytes) {
        throw new UsageError(`${source} is larger than ${Math.floor(maxBytes / 1024)} KiB`)
      }
      yield bytes
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`can't read ${source}: ${reasonOf(cause)}`, { cause })
  } finally {
    clearTimeout(timer)
  }
  return undefined
}

function destroy(stream: object, error: Error): void {
  const end: unknown = Reflect.get(stream, 'destroy')
  if (typeof end === 'function') Reflect.apply(end, stream, [error])
}

/** Opens a file without waiting for whoever is to write a pipe: that would hold a thread for ever. @throws UsageError */
function opened(path: string): Readable {
  let handle: number | undefined
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(handle)
    if (stats.isDirectory()) throw new UsageError(`${path} is a directory, not a file`)
    if (stats.isFile()) return createReadStream('', { fd: handle })
    const { Socket } = process.getBuiltinModule('node:net')
    if (stats.isFIFO()) return new Socket({ fd: handle, readable: true, writable: false })
    closeSync(handle)
    return createReadStream(path)
  } catch (cause) {
    if (handle !== undefined && cause instanceof UsageError) closeSync(handle)
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`can't read ${path}: ${reasonOf(cause)}`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'you may not read it'
  return cause.message
}
