import { readSync } from 'node:fs'

/**
 * Reads an open file from where it stands to its end, if that comes soon enough.
 * @returns undefined if the rest of it has more than `maxBytes`
 */
export function readSmallFile(handle: number, maxBytes: number): Buffer | undefined {
  const bytes = Buffer.alloc(maxBytes + 1)
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(handle, bytes, length, bytes.length - length, null)
  }
  return length > maxBytes ? undefined : bytes.subarray(0, length)
}
