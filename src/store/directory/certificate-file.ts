import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { checkPrivateFile, type DataDirectory } from './data-directory.ts'
import { readSmallFile } from './read-small-file.ts'
import { sweepDrafts } from './sweep-drafts.ts'
import { syncDirectory, writeDurably } from './write-durably.ts'

/** Bytes of a text that this file may hold. */
const MAX_BYTES = 512

/**
 * Reads the certificate by which the node of this directory speaks for its party, as it was written.
 * @returns undefined if there is none; nothing at all of more than any certificate has
 * @throws DataDirectoryError if others may change it
 */
export function readCertificateFile({ certificateFile }: DataDirectory): string | undefined {
  checkPrivateFile(certificateFile)
  const handle = openIfThere(certificateFile)
  if (handle === undefined) return undefined
  try {
    return readSmallFile(handle, MAX_BYTES)?.toString('latin1') ?? ''
  } finally {
    closeSync(handle)
  }
}

/** Puts a certificate in the place of the one before, durable before this returns. A reader meanwhile finds one of them. */
export function writeCertificateFile(directory: DataDirectory, text: string): void {
  const { certificateFile } = directory
  sweepDrafts(directory)
  const temporary = `${certificateFile}.${randomBytes(6).toString('hex')}.tmp`
  try {
    writeDurably(temporary, text)
    renameSync(temporary, certificateFile)
    syncDirectory(dirname(certificateFile))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
