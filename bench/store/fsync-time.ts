import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../load/interleave.ts'

const TIMES = 200
const PAGE_BYTES = 4_096

/** Measures the median time, ms, that the disk of a directory takes to make 4 KiB more of a file durable. */
export function fsyncMs(directory: string): number {
  const handle = openSync(join(directory, 'fsync'), 'w')
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
  }
}
