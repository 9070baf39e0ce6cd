import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** The relay's address: both homes have a way to it, and none to each other. */
export const RELAY_HOST = '11.0.0.1'

const LAN = '192.168.7.0/24'

export interface TwoHomes {
  /** The words to start a command through, so that it runs in the one home, in the other, or where the relay is. */
  readonly alice: readonly string[]
  readonly bob: readonly string[]
  readonly relay: readonly string[]
  /** Gives the homes a network that they share, with a way to each other: 192.168.7.0/24 at both. */
  join(): Promise<void>
}

const SCRIPT = `set -e
mount -t tmpfs none /run; mkdir -p /run/netns
ip link set lo up; ip addr add ${RELAY_HOST}/32 dev lo
home() {
  ip netns add $1
  ip link add name $1 type veth peer name eth0 netns $1
  ip addr add $2.1/24 dev $1; ip link set $1 up
  ip -n $1 link set lo up; ip -n $1 addr add $2.2/24 dev eth0; ip -n $1 link set eth0 up
  ip -n $1 route add ${RELAY_HOST}/32 via $2.1
}
home alice 192.168.1
home bob 192.168.2
echo ready
while read -r line; do eval "$line"; echo done; done
`

/**
 * Two homes without a route to each other, and a relay that both reach: network namespaces of an unprivileged user, which are
 * gone when the test is. Only where \`HAS_NAMESPACES\`.
 */
export async function twoHomes(): Promise<TwoHomes> {
  const holder = spawn('unshare', ['-Urnm', '--propagation', 'private', 'sh', '-c', SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answer = async (): Promise<void> =>
    await new Promise((resolve, reject) => {
      holder.stdout.once('data', () => resolve())
      holder.once('exit', (code) => reject(new Error(`no homes could be made (${code})`)))
    })
  onTestFinished(async () => {
    const gone = new Promise((resolve) => holder.once('exit', resolve))
    holder.stdin.end()
    await gone
  })
  await answer()
  const enter = ['nsenter', '--preserve-credentials', '-U', '-t', String(holder.pid)]
  const inHome = (name: string) => [...enter, `--net=/proc/${holder.pid}/root/run/netns/${name}`]
  const order = async (line: string): Promise<void> => {
    const done = answer()
    holder.stdin.write(`${line}\n`)
    await done
  }
  return {
    alice: inHome('alice'),
    bob: inHome('bob'),
    relay: [...enter, '-n'],
    join: async () => {
      const [net = ''] = LAN.split('.0/24')
      await order(
        [
          'ip link add name lan netns alice type veth peer name lan netns bob',
          `ip -n alice addr add ${net}.2/24 dev lan; ip -n alice link set lan up`,
          `ip -n bob addr add ${net}.3/24 dev lan; ip -n bob link set lan up`,
        ].join('; '),
      )
    },
  }
}
