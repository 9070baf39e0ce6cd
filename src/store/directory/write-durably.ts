import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

/** Makes a file (mode 0600) that was not there, on the disk before this returns. @throws the system's error */
export function writeDurably(path: string, text: string): void {
  const handle = openSync(path, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Puts on the disk which files a directory has. @throws the system's error */
export function syncDirectory(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
