import { reapOptions } from '../../support/session/reaping.ts'
import { OFFER_AGE_MS } from './offer-age.ts'
import type { PartyNode } from './party-node.ts'
import { Random } from './random.ts'
import { WORLD } from './timeline.ts'
import type { World } from './world.ts'

/** A generator of its own, so that everything else happens as it would without reapers. */
const SALT = 0x7ea9

/** Operators, who clear away: mostly late, when there is something. */
export function reapNowAndThen(world: World, chaosMs: number): void {
  const random = new Random(world.seed + SALT)
  for (const node of world.nodes) {
    for (let more = random.below(4); more > 0; more -= 1) {
      const at = random.chance(0.7)
        ? random.between(chaosMs * 0.4, chaosMs)
        : random.between(0, chaosMs)
      const isAll = random.chance(0.5)
      world.timeline.after(at, WORLD, () => reap(world, node, isAll))
    }
  }
}

function reap({ trace, chaos }: World, node: PartyNode, isAll: boolean): void {
  const { current } = node
  if (current === undefined) return
  const { life, manager } = current
  const policies = isAll ? (['expired', 'orphaned', 'offered'] as const) : (['offered'] as const)
  trace.say(() => `${life.name}: reaps ${policies.join(', ')}`)
  const wish = reapOptions(policies, {
    isGone: (process) => node.isGone(process),
    minOfferAgeMs: OFFER_AGE_MS,
    olderThanMs: OFFER_AGE_MS,
  })
  manager.reap(wish).then(
    (reports) => {
      for (const { policy, reaped } of reports) {
        const before = chaos.counts.get(`reaped: ${policy}`) ?? 0
        if (reaped > 0) chaos.counts.set(`reaped: ${policy}`, before + reaped)
        trace.say(() => `${life.name}: reaped ${reaped} ${policy}`)
      }
    },
    (error: unknown) => trace.say(() => `${life.name}: reaping failed: ${String(error)}`),
  )
}
