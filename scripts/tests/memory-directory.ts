import { readFileSync, statfsSync } from 'node:fs'

const PATH = '/dev/shm'

/** More than all tests that run at once keep in files. */
const ENOUGH_BYTES = 2 ** 30

/**
 * A directory in memory, for tests' stores: whether a commit waits for the disk is tested, and then nobody has to wait
 * for the disk. Undefined where there is none, it is small, or programs in it do not run.
 */
export function memoryDirectory(): string | undefined {
  try {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
    const found = mounts.map((line) => line.split(' ')).find(([, path]) => path === PATH)
    const [, , kind, options = ''] = found ?? []
    const { bavail, bsize } = statfsSync(PATH)
    const isFit = kind === 'tmpfs' && /^rw(?!.*\bnoexec\b)/.test(options)
    return isFit && bavail * bsize >= ENOUGH_BYTES ? PATH : undefined
  } catch {
    return undefined
  }
}
