import fs from 'node:fs'
import { basename } from 'node:path'
import { replaceInModule } from './replace-in-module.ts'

export interface DiskWatch {
  /** What was synced, linked and renamed so far, in order, by the names of the files. */
  readonly seen: readonly string[]
  restore(): void
}

/** Watches what this process brings to the disk with `fsync`, and what it gives a name, until it is restored. */
export function watchDisk(): DiskWatch {
  const { openSync, fsyncSync, linkSync, renameSync } = fs
  const names = new Map<number, string>()
  const seen: string[] = []
  const restore = replaceInModule(fs, {
    openSync: (path, flags, mode) => {
      const handle = openSync(path, flags, mode)
      names.set(handle, basename(String(path)))
      return handle
    },
    fsyncSync: (handle) => {
      fsyncSync(handle)
      seen.push(`sync ${names.get(handle)}`)
    },
    linkSync: (from, to) => {
      linkSync(from, to)
      seen.push(`link ${basename(String(to))}`)
    },
    renameSync: (from, to) => {
      renameSync(from, to)
      seen.push(`rename ${basename(String(to))}`)
    },
  })
  return { seen, restore }
}
