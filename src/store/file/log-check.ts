import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { StoreDamagedError } from '../errors.ts'

// https://www.sqlite.org/walformat.html. SQLite takes a log that ends early or is missing for one that never was longer:
// committed transactions are silently lost. But beside the log lies its index, which survives the process and says up to
// which frame, with which checksum, everything was committed and durable. (Without the index there is no telling.)

const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** The index begins with its header, twice, and the number of frames that are in the database already. */
const INDEX_HEADER_BYTES = 48
const BACKFILLED_AT = 2 * INDEX_HEADER_BYTES
/** Set in the log's first word if its checksums are over big-endian words. */
const BIG_ENDIAN = 1

/** Times that the log is read again if another process has written meanwhile. */
const LOOKS = 5

interface Committed {
  /** The header's bytes: the same while nothing is committed. */
  readonly header: Buffer
  readonly frames: number
  readonly pageBytes: number
  readonly checksum: readonly [number, number]
}

/**
 * Checks that the write-ahead log holds all that was committed. Only reads.
 * @throws StoreDamagedError that names the log, if it does not
 */
export function checkLog(path: string): void {
  for (let looks = LOOKS; looks > 0; looks -= 1) {
    const before = committedIn(`${path}-shm`)
    if (before === undefined || holds(`${path}-wal`, before)) return
    const after = committedIn(`${path}-shm`)
    if (after === undefined) return
    if (before.header.equals(after.header)) break
  }
  throw new StoreDamagedError(`${path}-wal`, 'has lost what was committed')
}

/** Returns undefined if all that was committed is in the database, or if the index does not tell. */
function committedIn(indexPath: string): Committed | undefined {
  const index = beginningOf(indexPath, BACKFILLED_AT + 4)
  if (index === undefined) return undefined
  const header = index.subarray(0, INDEX_HEADER_BYTES)
  if (!header.equals(index.subarray(INDEX_HEADER_BYTES, BACKFILLED_AT))) return undefined
  const words = wordsOf(header, false)
  const [one, two] = checksum(words.subarray(0, 10), [0, 0])
  const isInitialized = header.readUInt8(12) !== 0
  if (!isInitialized || one !== words[10] || two !== words[11]) return undefined
  const frames = words[4] ?? 0
  if (frames <= index.readUInt32LE(BACKFILLED_AT)) return undefined
  const size = header.readUInt16LE(14)
  return {
    header: Buffer.from(header),
    frames,
    // 65536 does not fit into 16 bits.
    pageBytes: size === 1 ? 65_536 : size,
    checksum: [words[6] ?? 0, words[7] ?? 0],
  }
}

function holds(logPath: string, committed: Committed): boolean {
  const { frames, pageBytes } = committed
  const frameBytes = FRAME_HEADER_BYTES + pageBytes
  const log = beginningOf(logPath, LOG_HEADER_BYTES + frames * frameBytes)
  if (log === undefined) return false
  const isBigEndian = (log.readUInt32BE(0) & BIG_ENDIAN) !== 0
  const words = wordsOf(log, isBigEndian)
  let sum = checksum(words.subarray(0, 6), [0, 0])
  for (let frame = 0; frame < frames; frame += 1) {
    const at = (LOG_HEADER_BYTES + frame * frameBytes) / 4
    sum = checksum(words.subarray(at, at + 2), sum)
    const page = at + FRAME_HEADER_BYTES / 4
    sum = checksum(words.subarray(page, page + pageBytes / 4), sum)
  }
  return sum[0] === committed.checksum[0] && sum[1] === committed.checksum[1]
}

/** Returns undefined if the file is shorter. A log keeps its size when it begins anew, so mostly only its beginning counts. */
function beginningOf(path: string, length: number): Buffer | undefined {
  if (!existsSync(path)) return undefined
  const bytes = Buffer.alloc(length)
  const handle = openSync(path, 'r')
  try {
    return readSync(handle, bytes) === length ? bytes : undefined
  } finally {
    closeSync(handle)
  }
}

/** Copies the whole words into an array. */
function wordsOf(bytes: Buffer, isBigEndian: boolean): Uint32Array {
  const copy = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 4)))
  if (isBigEndian) copy.swap32()
  return new Uint32Array(copy.buffer, copy.byteOffset, copy.length / 4)
}

/** Computes SQLite's checksum: two running sums, each added to the other. */
function checksum(
  words: Uint32Array,
  [first, second]: readonly [number, number],
): readonly [number, number] {
  let one = first
  let two = second
  for (let at = 0; at < words.length; at += 2) {
    one = (one + (words[at] ?? 0) + two) >>> 0
    two = (two + (words[at + 1] ?? 0) + one) >>> 0
  }
  return [one, two]
}
