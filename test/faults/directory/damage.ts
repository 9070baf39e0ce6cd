import { lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything that a data directory holds while a listener lives, and after it was killed. */
export const FILES = [
  'identity.key',
  'taleus.db',
  'taleus.db-wal',
  'taleus.db-shm',
  'taleus.db.id',
  'listener.lock',
  'control.sock',
  'settings.json',
  'events.jsonl',
  'process-00c0ffee00c0ffee.lock',
] as const

export type FileName = (typeof FILES)[number]

export const DAMAGES = [
  'empty',
  'half',
  'bit flips',
  'directory',
  'symlink',
  'garbage',
  'missing',
] as const

export type Damage = (typeof DAMAGES)[number]

/** One bit in each stretch of the file, and more than one in all but the smallest. */
const FLIPS = 48
/** No SQLite page begins like this, no JSON, no key. */
const GARBAGE = Buffer.from('\u0000garbage \u00ff\u0007')

/** @param aside a directory for what a symbolic link points to */
export async function damage(
  directory: string,
  file: FileName,
  kind: Damage,
  aside: string,
): Promise<void> {
  const path = join(directory, file)
  switch (kind) {
    case 'missing':
      return await rm(path)
    case 'directory':
      await rm(path)
      await mkdir(path, { mode: 0o700 })
      return
    case 'symlink':
      await rename(path, join(aside, file))
      return await symlink(join(aside, file), path)
    default:
      return await rewrite(path, kind)
  }
}

/** In place, as a bad disk would; but a socket has no content, so a file takes its place. */
async function rewrite(path: string, kind: 'empty' | 'half' | 'bit flips' | 'garbage') {
  const isSocket = (await lstat(path)).isSocket()
  const bytes = isSocket ? Buffer.from('not a socket') : await readFile(path)
  if (isSocket) await rm(path)
  await writeFile(path, spoiled(bytes, kind), { mode: 0o600 })
}

function spoiled(bytes: Buffer, kind: 'empty' | 'half' | 'bit flips' | 'garbage'): Buffer {
  switch (kind) {
    case 'empty':
      return Buffer.alloc(0)
    case 'half':
      return bytes.subarray(0, bytes.length >> 1)
    case 'garbage':
      return Buffer.alloc(Math.max(bytes.length, 512), GARBAGE)
    case 'bit flips': {
      const stretch = Math.max(1, Math.floor(bytes.length / FLIPS))
      const flipped = Buffer.from(bytes)
      for (let at = stretch >> 1; at < flipped.length; at += stretch) {
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at)
      }
      return flipped
    }
    default:
      return kind satisfies never
  }
}
