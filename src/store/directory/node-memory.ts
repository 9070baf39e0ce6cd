import { closeSync, constants, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPrivateFile, type DataDirectory } from './data-directory.ts'
import { readSmallFile } from './read-small-file.ts'

/** Bytes of such a file, at most. */
const MAX_BYTES = 1_024

/** The last that a process has known of its node in a store that several share. */
export interface RememberedNode {
  /** The store that it was in. */
  readonly store: string
  /** Its process's. Whoever has it is that process, which is gone if the directory's lock is free. */
  readonly epoch: number
  /** The last record of its audit that was committed. */
  readonly seq: number
  readonly hash: Uint8Array
}

/**
 * Remembers a node's last state beside its key, so that its next process knows that its former one is gone, and notices a
 * server that has lost what was committed.
 */
export class NodeMemory {
  readonly #file: string

  constructor({ path }: Pick<DataDirectory, 'path'>) {
    this.#file = join(path, 'node.state')
  }

  /** @returns undefined if there is none, or nothing that could be read: then the lease decides. @throws DataDirectoryError */
  read(): RememberedNode | undefined {
    checkPrivateFile(this.#file)
    const text = tryRead(this.#file)
    try {
      return text === undefined ? undefined : parsed(JSON.parse(text))
    } catch {
      return undefined
    }
  }

  /** Not synced: a machine that loses its power has lost its processes, too. A disk that takes nothing is no reason to stop. */
  write({ hash, ...rest }: RememberedNode): void {
    const temporary = `${this.#file}.tmp`
    const text = JSON.stringify({ ...rest, hash: Buffer.from(hash).toString('hex') })
    try {
      writeFileSync(temporary, text, { mode: 0o600 })
      renameSync(temporary, this.#file)
    } catch {
      rmSync(temporary, { force: true })
    }
  }
}

function tryRead(path: string): string | undefined {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    return readSmallFile(handle, MAX_BYTES)?.toString('utf8')
  } finally {
    closeSync(handle)
  }
}

function parsed(value: Readonly<Record<string, unknown>>): RememberedNode | undefined {
  const { store, epoch, seq, hash } = value
  const areNumbers = [epoch, seq].every(Number.isSafeInteger)
  if (!areNumbers || typeof store !== 'string' || typeof hash !== 'string') return undefined
  const bytes = new Uint8Array(Buffer.from(hash, 'hex'))
  return { store, epoch: Number(epoch), seq: Number(seq), hash: bytes }
}
