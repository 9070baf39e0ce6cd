import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { median } from './interleave.ts'

const TIMES = 200
const PAGE_BYTES = 4_096

/** The median time, ms, that this disk takes to make 4 KiB more of a file durable. */
export function fsyncMs(parent: string): number {
  const directory = mkdtempSync(join(parent, 'fsync-'))
  const handle = openSync(join(directory, 'file'), 'w')
  try {
    const page = Buffer.alloc(PAGE_BYTES, 1)
    const times = Array.from({ length: TIMES }, () => {
      const started = performance.now()
      writeSync(handle, page)
      fsyncSync(handle)
      return performance.now() - started
    })
    return median(times)
  } finally {
    closeSync(handle)
    rmSync(directory, { recursive: true })
  }
}
