import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { OutputFileError } from '../errors/errors.ts'

/**
 * Puts text into a file (0600), durable before this returns. A reader meanwhile finds the old text or the new one, and
 * a crash leaves one of them.
 * @throws OutputFileError
 */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = openSync(temporary, 'wx', 0o600)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw new OutputFileError(path, { cause })
  }
}
