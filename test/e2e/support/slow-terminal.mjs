// Preloaded into a process under test: it stands still after each of its first writes, as where others have the processor.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const STANDS_STILL_MS = 100

/** Enough for the first frame. */
let writes = 8

const { writeSync } = fs
fs.writeSync = (...all) => {
  const written = writeSync(...all)
  writes -= 1
  if (writes >= 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STANDS_STILL_MS)
  return written
}
syncBuiltinESMExports()
