import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DataDirectoryError } from '../../store/directory/data-directory.ts'

/** Longest path of a socket, bytes: the kernels allow 104 to 108 with the end mark. */
const MAX_SOCKET_PATH = 100

/** Linux' own names for the files that this process has open. */
const OPEN_FILES = '/proc/self/fd'

/** A socket's path as the system takes it. It leads there until it is closed. */
export interface SocketPath {
  readonly path: string
  /** Idempotent. */
  close(): void
}

/**
 * Finds a path to this socket that is short enough. A long one leads through its directory, which is held open: the
 * socket stays where it belongs, whatever this process takes for its temporary directory.
 * @throws DataDirectoryError where the system has no such way; what the system says of the directory
 */
export function reachSocket(path: string): SocketPath {
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return { path, close: () => undefined }
  if (!existsSync(OPEN_FILES)) {
    const problem = `the path of ${path} has more bytes than a socket's may have here`
    throw new DataDirectoryError(problem, { path })
  }
  const directory = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  let isOpen = true
  return {
    path: join(OPEN_FILES, String(directory), basename(path)),
    close: () => {
      if (isOpen) closeSync(directory)
      isOpen = false
    },
  }
}
