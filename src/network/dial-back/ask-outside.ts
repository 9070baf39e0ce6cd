import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { compact } from '../../protocol/base/compact.ts'
import type { KeptPlace } from '../relay/kept-place.ts'
import type { DialBackAnswer, DialBackClient } from './dial-back-client.ts'

/** The result of having a relay dial one of our addresses. */
export interface OutsideProbe {
  readonly address: string
  /** Multiaddr of the relay, without its id. */
  readonly relay: string
  /** Why it could not connect, in words that follow its name. Absent: it did, or did not try. */
  readonly problem?: string
  /** Why it was not tried, in words that follow the relay's name. */
  readonly untried?: string
}

/** Ways to a port that a relay can be asked to dial; a name is looked up here. */
const ASKABLE = /^\/(ip[46]|dns[46]?)\/([^/]+)(\/tcp\/\d+(?:\/ws)?)$/

const WORDS: Readonly<
  Record<Exclude<DialBackAnswer, 'met'>, Pick<OutsideProbe, 'problem' | 'untried'>>
> = {
  not_met: { problem: 'could not connect' },
  false_word: { problem: 'says that it has connected, and nobody came' },
  other_host: { untried: 'does not see this computer at that address' },
  rejected: { untried: 'did not try it now' },
  silent: { untried: 'did not answer' },
  unsupported: { untried: 'dials nobody back' },
}

/** Addresses that are tried this way, the first of them: each takes somebody else a socket and a handshake. */
const MAX_ASKED = 4

/**
 * Has addresses dialled from outside, one after the other, each by the first of our relays that says what came of it. Those
 * that no relay can dial are left out, and all of them while there is no place at a relay.
 * @param timeoutMs for each of them
 */
export async function askOutside(
  client: DialBackClient,
  places: readonly KeptPlace[],
  addresses: readonly string[],
  timeoutMs: number,
): Promise<readonly OutsideProbe[]> {
  const probes: OutsideProbe[] = []
  for (const address of addresses.filter((each) => ASKABLE.test(each)).slice(0, MAX_ASKED)) {
    const probe = await askOne(client, places, address, timeoutMs)
    if (probe !== undefined) probes.push(probe)
  }
  return probes
}

async function askOne(
  client: DialBackClient,
  places: readonly KeptPlace[],
  address: string,
  timeoutMs: number,
): Promise<OutsideProbe | undefined> {
  const target = await numeric(address)
  if (target === undefined) return undefined
  let last: OutsideProbe | undefined
  for (const { relay, connection } of places) {
    if (connection === undefined) continue
    const answer = await client.ask(connection, target, AbortSignal.timeout(timeoutMs))
    const told = answer === 'met' ? {} : WORDS[answer]
    const probe = { address, relay: relay.address, ...compact(told) }
    if (probe.untried === undefined) return probe
    last ??= probe
  }
  return last
}

/** The same address by its IP address; undefined if there is none, or a relay can't dial it. */
async function numeric(address: string): Promise<string | undefined> {
  const [, kind = '', host = '', way = ''] = ASKABLE.exec(address) ?? []
  if (kind === '') return undefined
  if (kind.startsWith('ip')) return address
  const family = { dns4: 4, dns6: 6 }[kind] ?? 0
  const found = await lookup(host, { family }).catch(() => undefined)
  return found === undefined ? undefined : `/ip${isIP(found.address)}/${found.address}${way}`
}
