import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** This computer lets a user have network namespaces: tests that need them are skipped, and counted, where it does not. */
export const HAS_NAMESPACES =
  spawnSync('unshare', ['-Urn', 'ip', 'link', 'set', 'lo', 'up']).status === 0

/** A network of its own: nothing goes in or out, whatever addresses it has. */
export interface NetworkNamespace {
  /** The words to start a command through, so that it runs in there. */
  readonly through: readonly string[]
}

/**
 * Makes a namespace that is gone when the test is.
 * @param addresses those of its only interface, in CIDR notation
 */
export async function networkNamespace(addresses: readonly string[]): Promise<NetworkNamespace> {
  const added = addresses.map((address) => `ip addr add ${address} dev lo`)
  // It ends when its input does, and that when this process does.
  const script = ['set -e', 'ip link set lo up', ...added, 'echo ready', 'exec cat'].join('\n')
  const holder = spawn('unshare', ['-Urn', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => end(holder))
  await new Promise((resolve, reject) => {
    holder.stdout.once('data', resolve)
    holder.once('exit', (code) => reject(new Error(`no namespace could be made (${code})`)))
  })
  const pid = String(holder.pid)
  return { through: ['nsenter', '--preserve-credentials', '-U', '-n', '-t', pid] }
}

async function end(holder: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => holder.once('exit', resolve))
  holder.stdin?.end()
  await gone
}
