import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { FileExistsError, OutputFileError } from '../errors/errors.ts'
import type { TextSink } from './text-sink.ts'

export interface FileSinkInit {
  /** A file that is there may be replaced. @default false */
  readonly force?: boolean
}

/**
 * Opens a file for this user only (0600). It is whole, and on the disk, when `end` resolves; of an answer that was
 * abandoned nothing stays. One that is replaced stays as it was until then.
 * @throws FileExistsError, OutputFileError
 */
export async function openFileSink(
  path: string,
  { force = false }: FileSinkInit = {},
): Promise<TextSink> {
  const target = force ? `${path}.${randomBytes(6).toString('hex')}.tmp` : path
  try {
    return new FileSink(path, target, await open(target, 'wx', 0o600))
  } catch (cause) {
    throw isThere(cause)
      ? new FileExistsError(path, { cause })
      : new OutputFileError(path, { cause })
  }
}

class FileSink implements TextSink {
  readonly #path: string
  readonly #target: string
  readonly #file: FileHandle

  constructor(path: string, target: string, file: FileHandle) {
    this.#path = path
    this.#target = target
    this.#file = file
  }

  async write(text: string): Promise<void> {
    await this.#named(() => this.#file.appendFile(text))
  }

  async end(): Promise<void> {
    await this.#named(async () => {
      await this.#file.sync()
      await this.#file.close()
      if (this.#target !== this.#path) await rename(this.#target, this.#path)
    })
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(this.#target, { force: true }).catch(() => undefined)
  }

  async #named(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      throw new OutputFileError(this.#path, { cause })
    }
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
