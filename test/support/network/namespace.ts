import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** This computer lets a user have network namespaces: tests that need them are skipped, and counted, where it does not. */
export const HAS_NAMESPACES =
  spawnSync('unshare', ['-Urn', 'ip', 'link', 'set', 'lo', 'up']).status === 0

/** A network of its own: nothing goes in or out, whatever addresses it has. */
export interface NetworkNamespace {
  /** The words to start a command through, so that it runs in there. */
  readonly through: readonly string[]
  /** Runs a command in there to its end. */
  run(command: string): void
}

/**
 * Makes a namespace that is gone when the test is.
 * @param addresses those of its only interface, in CIDR notation
 */
export async function networkNamespace(addresses: readonly string[]): Promise<NetworkNamespace> {
  const { namespace } = await held(['unshare', '-Urn'])
  namespace.run('ip link set lo up')
  for (const address of addresses) namespace.run(`ip addr add ${address} dev lo`)
  return namespace
}

/** Makes one in which names are looked up in a file of its own. @param hosts a file like /etc/hosts */
export async function namespaceWithHosts(hosts: string): Promise<NetworkNamespace> {
  const { namespace } = await held(['unshare', '-Urnm'], ['-m'])
  namespace.run('ip link set lo up')
  namespace.run(`mount --bind ${hosts} /etc/hosts`)
  return namespace
}

/** Makes two namespaces with a cable, `lan0`, between them. @param addresses one of each, in CIDR notation */
export async function networkNeighbours(
  addresses: readonly [string, string],
): Promise<readonly [NetworkNamespace, NetworkNamespace]> {
  const { namespace: one, pid } = await held(['unshare', '-Urn'])
  const there = ['nsenter', '--preserve-credentials', '-U', '-n', '-t', String(pid)]
  const { namespace: other, pid: otherPid } = await held([...there, 'unshare', '-n'])
  one.run(`ip link add lan0 type veth peer name lan0 netns ${otherPid}`)
  for (const [at, each] of [one, other].entries()) {
    for (const name of ['lo', 'lan0']) each.run(`ip link set ${name} up`)
    each.run(`ip addr add ${addresses[at]} dev lan0`)
    each.run('ip route add default dev lan0')
  }
  return [one, other]
}

/**
 * @param words make the namespace, and start what follows them in it
 * @param more kinds of namespaces to enter, as flags of nsenter
 */
async function held(words: readonly string[], more: readonly string[] = []) {
  const [command = '', ...rest] = words
  // It ends when its input does, and that when this process does.
  const script = 'echo ready; exec cat'
  const holder = spawn(command, [...rest, 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => end(holder))
  await new Promise((resolve, reject) => {
    holder.stdout.once('data', resolve)
    holder.once('exit', (code) => reject(new Error(`no namespace could be made (${code})`)))
  })
  const kinds = ['-U', '-n', ...more]
  const through = ['nsenter', '--preserve-credentials', ...kinds, '-t', String(holder.pid)]
  const run = (line: string): void => {
    const [name = '', ...args] = [...through, ...line.split(' ')]
    execFileSync(name, args)
  }
  return { namespace: { through, run }, pid: holder.pid }
}

async function end(holder: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => holder.once('exit', resolve))
  holder.stdin?.end()
  await gone
}
