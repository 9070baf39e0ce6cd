import { Invitee, Inviter } from '../parties.ts'
import type { ByteTrouble } from '../trial.ts'
import { DIRECTIONS, FaultProxy, type WireFault } from './proxy.ts'

/** Each fault at so many places, evenly spread over what an undisturbed exchange sends. */
export async function byteTroubles(
  places: number,
  faults: readonly WireFault[],
): Promise<readonly ByteTrouble[]> {
  const troubles: ByteTrouble[] = []
  for (const role of ['stock', 'foil'] as const) {
    const length = await undisturbed(role)
    for (const direction of DIRECTIONS) {
      for (let place = 0; place < places; place += 1) {
        const after = Math.floor((length[direction] * place) / places)
        troubles.push(...faults.map((fault) => ({ role, direction, fault, after })))
      }
    }
  }
  return troubles
}

/** Bytes that one whole exchange sends each way, up to the last message. */
async function undisturbed(role: ByteTrouble['role']) {
  const inviter = await Inviter.start()
  const invitee = await Invitee.create()
  const proxy = new FaultProxy(inviter.port)
  try {
    const link = await inviter.invite(role)
    const { outcome } = await invitee.redeem({ ...link, addresses: [await proxy.start()] }, {})
    if (!outcome.completed) throw new Error(`undisturbed, and ${outcome.reason}`)
    return { toListener: proxy.passed('toListener'), toInvitee: proxy.passed('toInvitee') }
  } finally {
    await proxy.stop()
    await invitee.remove()
    await inviter.stop()
  }
}
