import { operatorRecord } from '../../../src/service/record/operator.ts'
import { pendingRequestRecords } from '../../../src/store/records/pending-request-records.ts'
import type { PartyNode, Running } from './party-node.ts'
import { Random } from './random.ts'
import { WORLD } from './timeline.ts'
import type { World } from './world.ts'

/** A generator of its own, so that everything else happens as it would without invitations by hand. */
const SALT = 0xa5c

/** How often an inviter looks who waits, ms. */
const LOOK_MS = 8_000

/** True of some invitations: the inviter says yes or no to each request. */
export function isByHand(world: World): boolean {
  return new Random(world.seed * 31 + world.invitations.length + SALT).chance(0.25)
}

/** Inviters, who look at what waits: in bad times they say yes or no as they please, in good ones yes to all. */
export function decideNowAndThen(world: World): void {
  const random = new Random(world.seed ^ SALT)
  const inviters = new Set(
    world.invitations.filter(({ wish }) => wish.byHand).map(({ inviter }) => inviter),
  )
  for (const node of inviters) {
    const look = (): void => {
      decide(world, node, random)
      world.timeline.after(LOOK_MS * random.between(0.2, 1.8), WORLD, look)
    }
    world.timeline.after(random.between(0, LOOK_MS), WORLD, look)
  }
}

function decide(world: World, node: PartyNode, random: Random): void {
  const { current } = node
  if (current === undefined) return
  const { life, store, clock } = current
  const { trace } = world
  store
    .query(() => pendingRequestRecords.list(clock.now(), 100))
    .then(
      (pending) => {
        for (const { id } of pending) sayWord(world, current, random, id)
      },
      (error: unknown) => trace.say(() => `${life.name}: looking failed: ${String(error)}`),
    )
}

function sayWord(
  { chaos, trace }: World,
  { life, manager }: Running,
  random: Random,
  id: string,
): void {
  if (!life.works || (chaos.raging && random.chance(0.5))) return
  // Now and then somebody changes their mind, or says yes to what is over.
  const says = chaos.raging && random.chance(0.15) ? 'no' : 'yes'
  trace.say(() => `${life.name}: the inviter says ${says} to ${id}`)
  const verdict = says === 'yes' ? ({ says } as const) : ({ says, reason: 'no' } as const)
  manager.operator.decideRequest(id, verdict, operatorRecord(`sessions ${says}`, {})).then(
    ({ kind, ...more }) => {
      const what = `said ${says}: ${'why' in more ? more.why : kind}`
      chaos.counts.set(what, (chaos.counts.get(what) ?? 0) + 1)
      trace.say(() => `${life.name}: ${what} (${id})`)
    },
    (error: unknown) => trace.say(() => `${life.name}: deciding failed: ${String(error)}`),
  )
}
