import { setTimeout as pause } from 'node:timers/promises'
import type { ClientOfNodes } from './client-of-nodes.ts'
import type { Ask } from './history/client-history.ts'
import type { NodesInvitation, PartyOfNodes } from './party-of-nodes.ts'

/** A bound for a hang: servers start again within seconds. */
const MAX_TRIES = 600

/** Between two tries, ms. */
const AGAIN_MS = 60

/** Refusals after which there is nothing to wait for. */
const LAST_WORDS: ReadonlySet<string> = new Set(['used', 'revoked', 'expired', 'denied'])

/**
 * Asks again and again, at one node after the other, until there is a tally or nothing to wait for.
 * @param first the node that is asked first
 */
export async function insist(
  { nodes, peerId }: PartyOfNodes,
  client: ClientOfNodes,
  invitation: NodesInvitation,
  first: number,
): Promise<Ask> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const node = nodes[(first + tries) % nodes.length]
    if (node === undefined) throw new TypeError('there is no node')
    const ask = await client.ask(invitation, node, peerId)
    const { told } = ask
    if (told?.kind === 'tally') return ask
    if (told?.kind === 'refused' && LAST_WORDS.has(told.code)) return ask
    await pause(AGAIN_MS)
  }
  throw new Error(`${client.peerId} gets no answer: ${JSON.stringify(client.asks.slice(-3))}`)
}
