import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { unpackedPrograms } from '../machine/debian-packages.ts'
import { HAS_NAMESPACES } from './namespace.ts'

/** Where the relay is, on the network that the routers are on; and the addresses of the routers there. */
export const RELAY_HOST = '11.0.0.1'
export const ROUTERS = { alice: '11.0.1.2', bob: '11.0.2.2' } as const

/** Debian's programs, and the libraries that they name. */
const PACKAGES = [
  'nftables',
  'libnftables1',
  'libmnl0',
  'libnftnl11',
  'libedit2',
  'libjansson4',
  'libxtables12',
  'libgmp10',
  'libbsd0',
  'libmd0',
  'libtinfo6',
  'miniupnpd-nftables',
]

const tools = HAS_NAMESPACES ? unpackedPrograms(PACKAGES, ['nft', 'miniupnpd'] as const) : undefined

/** Homes behind routers of the kernel's own can be made here: else tests that need them are skipped, and counted. */
export const HAS_NAT = tools !== undefined

/** `cone`: the router keeps ports as they are, as it can. `symmetric`: each connection leaves from a port of chance. */
export type Nat = 'cone' | 'symmetric'

type Home = keyof typeof ROUTERS

export interface NatHomes {
  /** The words to start a command through, so that it runs in the one home, in the other, or where the relay is. */
  readonly alice: readonly string[]
  readonly bob: readonly string[]
  readonly relay: readonly string[]
  /** Runs a line of shell among the routers, as their owner. @returns what it wrote */
  run(line: string): Promise<string>
  /** Alice's router drops, without a word, what goes to or comes from the relay; or passes it on again. */
  drop(isOn: boolean): Promise<void>
  /** Gives Alice's router Debian's miniupnpd, in the place of the one that it may have. @param conf lines for its configuration */
  upnp(conf?: readonly string[]): Promise<void>
  /** Starts that anew, and it has forgotten what it mapped. */
  restartUpnp(): Promise<void>
  /** The ports that it has mapped, outside. */
  mapped(): Promise<readonly number[]>
}

const SCRIPT = `set -e
mount -t tmpfs none /run; mkdir -p /run/netns
ip link set lo up; ip addr add ${RELAY_HOST}/32 dev lo
echo 1 > /proc/sys/net/ipv4/ip_forward
home() {
  ip netns add $1; ip netns add router-$1
  ip link add name $1 type veth peer name wan netns router-$1
  ip link add name eth0 netns $1 type veth peer name lan netns router-$1
  ip addr add $3.1/24 dev $1; ip link set $1 up
  r="ip -n router-$1"
  $r link set lo up; $r addr add $3.2/24 dev wan; $r link set wan up
  $r addr add $2.1/24 dev lan; $r link set lan up; $r route add default via $3.1
  ip netns exec router-$1 sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
  h="ip -n $1"
  $h link set lo up; $h addr add $2.2/24 dev eth0; $h link set eth0 up; $h route add default via $2.1
  ip netns exec router-$1 $NFT -f $TABLES
}
home alice 192.168.1 11.0.1
home bob 192.168.2 11.0.2
echo ready
while read -r line; do eval "$line" 2>&1; printf '\\0'; done
`

/** Nobody comes in who was not asked for, and what leaves does so by the router's address. */
function tablesOf(nat: Nat): string {
  const how = nat === 'symmetric' ? 'masquerade random,fully-random' : 'masquerade'
  return `table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "lan" accept
    jump miniupnpd
  }
  chain input {
    type filter hook input priority 0; policy accept;
    iifname "wan" ct state new drop
  }
  chain miniupnpd { }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain postrouting {
    type nat hook postrouting priority 100;
    jump postrouting_miniupnpd
    oifname "wan" ${how}
  }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}
`
}

const UPNP_CONF = [
  'ext_ifname=wan',
  'listening_ip=lan',
  'http_port=0',
  'enable_upnp=yes',
  'enable_natpmp=no',
  'secure_mode=yes',
  'uuid=11111111-2222-3333-4444-555555555555',
  'upnp_table_name=filter',
  'upnp_nat_table_name=filter',
  'upnp_forward_chain=miniupnpd',
  'upnp_nat_chain=prerouting_miniupnpd',
  'upnp_nat_postrouting_chain=postrouting_miniupnpd',
]

const UPNP_RULES = ['allow 1024-65535 192.168.1.0/24 1024-65535', 'deny 0-65535 0.0.0.0/0 0-65535']

const END_UPNP = '{ kill $upnp; wait $upnp; } 2>/dev/null || true'

/**
 * Two homes, each behind a router of the kernel's own, and a relay that both routers reach: in namespaces that are gone when
 * the test is. Only where \`HAS_NAT\`.
 * @param directory for its files
 */
export async function natHomes(nat: Nat, directory: string): Promise<NatHomes> {
  if (tools === undefined) throw new Error('there are no tools')
  const tables = join(directory, 'tables.nft')
  writeFileSync(tables, tablesOf(nat))
  const words = ['-Urnm', '--propagation', 'private', 'sh', '-c', SCRIPT]
  const { nft, miniupnpd } = tools.paths
  const holder = spawn('unshare', words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NFT: nft, TABLES: tables, LD_LIBRARY_PATH: tools.libraries },
  })
  const gone = new Promise<number | null>((resolve) => holder.once('exit', resolve))
  const answer = async (end: string): Promise<string> =>
    await new Promise((resolve, reject) => {
      let text = ''
      const take = (chunk: Buffer): void => {
        text += String(chunk)
        if (!text.endsWith(end)) return
        holder.stdout.off('data', take)
        resolve(text.slice(0, -end.length))
      }
      holder.stdout.on('data', take)
      void gone.then((code) => reject(new Error(`no homes could be made (${code})`)))
    })
  onTestFinished(async () => {
    holder.stdin.end()
    await gone
  })
  await answer('ready\n')
  const run = async (line: string): Promise<string> => {
    const said = answer('\0')
    holder.stdin.write(`${line}\n`)
    return await said
  }
  const enter = ['nsenter', '--preserve-credentials', '-U', '-t', String(holder.pid)]
  const inHome = (name: Home) => [...enter, `--net=/proc/${holder.pid}/root/run/netns/${name}`]
  const atRouter = 'ip netns exec router-alice'
  const [file, log, pid] = ['conf', 'log', 'pid'].map((end) => join(directory, `miniupnpd.${end}`))
  const start = async (): Promise<void> =>
    void (await run(`${atRouter} ${miniupnpd} -d -f ${file} -P ${pid} >${log} 2>&1 & upnp=$!`))
  return {
    alice: inHome('alice'),
    bob: inHome('bob'),
    relay: [...enter, '-n'],
    run,
    drop: async (isOn) => {
      const verdict = isOn ? 'drop' : 'accept'
      const rule = (way: string) =>
        `${atRouter} ${nft} insert rule inet filter forward ip ${way} ${RELAY_HOST} ${verdict}`
      await run(`${rule('saddr')}; ${rule('daddr')}`)
    },
    upnp: async (conf = []) => {
      writeFileSync(String(file), `${[...UPNP_CONF, ...conf, ...UPNP_RULES].join('\n')}\n`)
      await run(END_UPNP)
      await start()
      onTestFinished(async () => void (await run(END_UPNP)))
    },
    restartUpnp: async () => {
      const chains = ['miniupnpd', 'prerouting_miniupnpd', 'postrouting_miniupnpd']
      const flush = chains.map((chain) => `${atRouter} ${nft} flush chain inet filter ${chain}`)
      await run([END_UPNP, ...flush].join('; '))
      await start()
    },
    mapped: async () => {
      const rules = await run(`${atRouter} ${nft} list chain inet filter prerouting_miniupnpd`)
      return [...rules.matchAll(/dport (\d+) dnat/g)].map(([, port]) => Number(port))
    },
  }
}
