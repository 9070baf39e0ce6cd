import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDirectory } from './data-directory.ts'
import { type ProcessLock, takeProcessLock } from './process-lock.ts'

const FILE = /^process-([0-9a-f]{16})\.lock$/

/** Age in ms below which a file may belong to a process that is about to lock it. */
const MIN_AGE_MS = 60_000

/** The name by which other processes on the same data directory know this one. */
export interface ProcessName {
  /** Random, and unique for ever. */
  readonly id: string
  /** Gives the name up: others see this process as gone. Idempotent. */
  release(): void
}

/**
 * Takes a name, which is a lock on a file of its own in the data directory. The operating system releases the lock however
 * the process dies. Files that dead processes left are removed.
 * @throws whatever node:sqlite throws for a file that can't be made
 */
export function takeProcessName(directory: DataDirectory): ProcessName {
  clearAway(directory)
  const id = randomBytes(8).toString('hex')
  const path = fileOf(directory, id)
  const lock = takeProcessLock(path)
  if (lock === undefined || !existsSync(path)) throw new TypeError(`${path} is not ours`)
  return { id, release: () => giveBack(path, lock) }
}

/**
 * True only if the process is certainly gone: one that stands still is not.
 * @param isShared other directories share the store. Then nobody knows of a name that is not here (undefined); else it was given up
 */
export function isProcessGone(
  directory: DataDirectory,
  id: string,
  isShared = false,
): boolean | undefined {
  const path = fileOf(directory, id)
  if (!FILE.test(nameOf(id))) return false
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return isShared ? undefined : true
  // Something else is in its place, so nothing is certain; the lease runs out by itself.
  if (!stats.isFile()) return false
  const lock = takeProcessLock(path)
  if (lock === undefined) return false
  giveBack(path, lock)
  return true
}

/** True if a process of this data directory has a name: one that redeems a link, for instance. */
export function isAnyAtWork(directory: DataDirectory): boolean {
  clearAway(directory)
  return readdirSync(directory.path).some((name) => {
    const id = FILE.exec(name)?.[1]
    return id !== undefined && !isProcessGone(directory, id)
  })
}

function clearAway(directory: DataDirectory): void {
  for (const name of readdirSync(directory.path)) {
    const id = FILE.exec(name)?.[1]
    if (id === undefined) continue
    const stats = statSync(join(directory.path, name), { throwIfNoEntry: false })
    if (stats !== undefined && Date.now() - stats.mtimeMs > MIN_AGE_MS) isProcessGone(directory, id)
  }
}

function giveBack(path: string, lock: ProcessLock): void {
  lock.release()
  for (const ending of ['', '-journal']) rmSync(path + ending, { force: true })
}

function fileOf(directory: DataDirectory, id: string): string {
  return join(directory.path, nameOf(id))
}

function nameOf(id: string): string {
  return `process-${id}.lock`
}
