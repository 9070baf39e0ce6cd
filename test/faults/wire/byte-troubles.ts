import { Invitee, Inviter } from '../parties.ts'
import type { ByteTrouble } from '../trial.ts'
import { DIRECTIONS, FaultProxy, type WireFault } from './proxy.ts'

/**
 * Each fault at so many places, evenly spread over what an undisturbed exchange sends.
 * @param relay by which it goes. @default by none
 */
export async function byteTroubles(
  places: number,
  faults: readonly WireFault[],
  relay?: string,
): Promise<readonly ByteTrouble[]> {
  const troubles: ByteTrouble[] = []
  for (const role of ['stock', 'foil'] as const) {
    const length = await undisturbed(role, relay)
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
async function undisturbed(role: ByteTrouble['role'], relay: string | undefined) {
  const inviter = await Inviter.start(relay)
  const invitee = await Invitee.create()
  const proxy = new FaultProxy(inviter.port)
  try {
    const link = await inviter.invite(role)
    const { outcome } = await invitee.redeem(
      { ...link, addresses: [inviter.by(await proxy.start())] },
      {},
    )
    if (!outcome.completed) throw new Error(`undisturbed, and ${outcome.reason}`)
    return { toListener: proxy.passed('toListener'), toInvitee: proxy.passed('toInvitee') }
  } finally {
    await proxy.stop()
    await invitee.remove()
    await inviter.stop()
  }
}
