import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type { Scene } from '../scene.ts'
import type { Complain } from './violation.ts'

/** What a stranger may be told: nothing about any token. */
const FOR_STRANGERS: ReadonlySet<string> = new Set([
  'invalid_token',
  'party_id_mismatch',
  'protocol_violation',
  'busy',
  'rate_limited',
  'draining',
  'timed_out',
  'internal',
])

/** I6 and I9: strangers have learned nothing, and nothing is left over. */
export function checkRest(scene: Scene, broken: Complain): void {
  for (const payload of scene.hostile.flatMap(({ learned }) => learned)) {
    const message = decodeMessage(payload)
    const isSafe =
      message.type === 'ProvisioningResult' &&
      !message.approved &&
      FOR_STRANGERS.has(message.code) &&
      message.fields === undefined
    if (!isSafe) broken('I6', `a stranger was told ${Buffer.from(payload).toString()}`)
  }
  for (const node of scene.nodes) {
    for (const { life, manager } of node.running) {
      const { total } = manager.getActiveSessionCounts()
      if (total > 0) broken('I9', `${life.name}: ${total} sessions are left`)
      const timers = scene.timeline.pendingOf(life)
      if (timers > 0) broken('I9', `${life.name}: ${timers} timers are left`)
    }
  }
  const streams = scene.network.openEnds.filter(({ life }) => life.works)
  const party = streams.find(({ localPeer }) =>
    scene.nodes.some((node) => node.peerId === localPeer),
  )
  if (party !== undefined) broken('I9', `${party.life.name}: stream ${party.number} is left open`)
}
