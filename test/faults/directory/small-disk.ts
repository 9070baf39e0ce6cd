import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

/** Room for several sessions of a party and nothing more. */
const SIZE = '3m'

/**
 * A file system of a few MiB, mounted where only processes started `through` it see it. Root may do so, and so
 * may others in a user namespace of their own, where the kernel allows that.
 */
export class SmallDisk {
  /** Exists only for processes started `through` this. Mode 0700, and empty. */
  readonly directory: string
  /** The beginning of a command line. */
  readonly through: readonly string[]

  private constructor(directory: string, holder: number, nsenter: readonly string[]) {
    this.directory = directory
    this.through = ['nsenter', '--target', String(holder), ...nsenter, '--']
  }

  /** @throws Error with the reason if this machine lets nobody mount anything */
  static async mount(): Promise<SmallDisk> {
    const directory = await mkdtemp(join(tmpdir(), 'taleus-disk-'))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const isRoot = process.getuid?.() === 0
    const script = `mount -t tmpfs -o size=${SIZE},mode=0700 tmpfs "$1" && echo mounted && exec sleep 600`
    const own = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount']
    const holder = spawn('unshare', [...own, 'sh', '-c', script, 'sh', directory])
    onTestFinished(() => void holder.kill('SIGKILL'))
    await saysSo(holder)
    const nsenter = isRoot ? ['--mount'] : ['--user', '--preserve-credentials', '--mount']
    return new SmallDisk(directory, holder.pid ?? 0, nsenter)
  }

  /** Leave room for so many bytes more; the file system counts in pages of 4096. */
  async fill(leave: number): Promise<void> {
    await this.#sh(
      'room=$(df --output=avail -B1 "$1" | tail -n 1); head -c $((room - $2)) /dev/zero > "$1/filler"',
      String(leave),
    )
  }

  async makeRoom(): Promise<void> {
    await this.#sh('rm "$1/filler"')
  }

  /** Copy all but the filling to where everybody sees it. */
  async copyTo(directory: string): Promise<void> {
    await this.#sh('cd "$1" && cp -a $(ls -A | grep -v filler) "$2"', directory)
  }

  /** Files there, but for our own. */
  async files(): Promise<readonly string[]> {
    const listed = await this.#sh('ls -A "$1"')
    return listed.split('\n').filter((name) => name !== '' && name !== 'filler')
  }

  async #sh(script: string, ...args: readonly string[]): Promise<string> {
    const [command = '', ...rest] = this.through
    const { stdout } = await run(command, [
      ...rest,
      'sh',
      '-c',
      script,
      'sh',
      this.directory,
      ...args,
    ])
    return stdout
  }
}

async function saysSo(holder: ReturnType<typeof spawn>): Promise<void> {
  const errors: string[] = []
  holder.stderr?.on('data', (text) => errors.push(String(text)))
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.once('data', () => resolve())
    holder.once('error', reject)
    holder.once('close', () =>
      reject(new Error(`no file system can be mounted here: ${errors.join('')}`)),
    )
  })
}
