import type { LinkPlan } from './link-options.ts'

const EVERYWHERE = 'taleus config set listen /ip4/0.0.0.0/tcp/4710 /ip4/0.0.0.0/tcp/4711/ws'
const RELAY = 'use a relay, `taleus config set relay MULTIADDR`.'
const IPV6 = '/ip6/::/tcp/4710'

/**
 * Tells what lets more people use a link that does not lead here from anywhere; nothing if it may, or if somebody chose to
 * listen to this computer alone.
 */
export function reachAdvice({
  addresses,
  unused,
}: Pick<LinkPlan, 'addresses' | 'unused'>): readonly string[] {
  const scopes: ReadonlySet<string> = new Set(addresses.map(({ scope }) => scope))
  if (['public', 'dns', 'relay', 'loopback'].some((scope) => scopes.has(scope))) return []
  const [host] = unused
  if (host !== undefined) {
    const listen = host.includes(':') ? `${EVERYWHERE} ${IPV6}` : EVERYWHERE
    return [
      `This computer has the public address ${host}, and nobody listens there: \`${listen}\`.`,
    ]
  }
  if (scopes.has('cgnat')) {
    return [
      `For people elsewhere: ${RELAY}`,
      'A port can’t be forwarded there: your provider has the router.',
    ]
  }
  return [
    'For people elsewhere: forward a port of your router to this computer, and name the router’s public address with --announce.',
    'Many routers do that when they are asked to: `taleus config set upnp on`.',
    `Or ${RELAY}`,
  ]
}
