import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDirectory } from './data-directory.ts'
import { type ProcessLock, takeProcessLock } from './process-lock.ts'

const FILE = /^process-([0-9a-f]{16})\.lock$/

/** A file that is younger may belong to a process that is about to lock it, ms. */
const MIN_AGE_MS = 60_000

/** This process, as others on the same data directory know it. */
export interface ProcessName {
  /** Random: no other process ever has it. */
  readonly id: string
  /** Idempotent. Whoever asks from now on hears that this process is gone. */
  release(): void
}

/**
 * Take a name: a lock on a file of its own in the data directory, which the operating system gives back however the
 * process dies. What dead processes left is cleared away.
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

/** True only if it is certain: a process that stands still is not gone. */
export function isProcessGone(directory: DataDirectory, id: string): boolean {
  const path = fileOf(directory, id)
  if (!FILE.test(nameOf(id))) return false
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return true
  // Something else took its place, so nothing is certain; its lease runs out by itself.
  if (!stats.isFile()) return false
  const lock = takeProcessLock(path)
  if (lock === undefined) return false
  giveBack(path, lock)
  return true
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
