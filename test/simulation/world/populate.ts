import { Asking } from './asking.ts'
import { HostilePeer } from './hostile-peer.ts'
import { Invitation } from './invitation.ts'
import { decideNowAndThen, isByHand } from './inviters-word.ts'
import { PartyNode } from './party-node.ts'
import { Random } from './random.ts'
import { reapNowAndThen } from './reapers.ts'
import { WORLD } from './timeline.ts'
import type { World } from './world.ts'

const INVITERS = ['alice', 'amir']
const INVITEES = ['bob', 'carol', 'dave', 'erin']

/** Who is there, what they want, and what happens to them, all from the seed. */
export function populate(world: World, chaosMs: number): void {
  const { random } = world
  const inviters = INVITERS.slice(0, random.chance(0.8) ? 1 : 2).map((name) => settle(world, name))
  const invitees = INVITEES.slice(0, 1 + random.below(4)).map((name) => settle(world, name))
  for (const inviter of inviters) {
    for (let more = 1 + random.below(2); more > 0; more -= 1) invite(world, inviter)
  }
  for (const node of world.nodes) node.boot()
  for (const node of invitees) takeLinks(world, node, chaosMs)
  disturb(world, inviters, chaosMs)
  if (random.chance(0.12)) crowd(world, inviters)
  else intrude(world, chaosMs)
  reapNowAndThen(world, chaosMs)
  decideNowAndThen(world)
}

/** Two processes serve one data directory, and each contact comes to both. */
function crowd(world: World, inviters: readonly PartyNode[]): void {
  for (const node of inviters) world.timeline.after(1, WORLD, () => void node.boot())
  const echo = new HostilePeer(world, 'echo')
  world.hostile.push(echo)
  echoPromptly(world, echo, { chance: 0.9, withinMs: 80, times: 12 })
}

function settle(world: World, name: string): PartyNode {
  const cadre = [`/ip4/192.0.2.7/tcp/4001/p2p/${name}`]
  const identity = { name: `${name} the discreet` }
  const node = new PartyNode(world, name, {
    identity,
    cadre: world.random.chance(0.5) ? cadre : [],
  })
  world.nodes.push(node)
  return node
}

function invite(world: World, inviter: PartyNode): void {
  const { random } = world
  const invitation = new Invitation(inviter, random.bytes(16), {
    role: random.pick(['stock', 'foil']),
    uses: random.pick([1, 1, 1, 2, 3, null]),
    expiresInMs: random.pick([20_000, 60_000, 3_600_000, 3_600_000, 3_600_000]),
    required: random.chance(0.3) ? ['name'] : [],
    byHand: isByHand(world),
  })
  invitation.issue()
  world.invitations.push(invitation)
}

/** Most people have one link; some share one, some have several. */
function takeLinks(world: World, node: PartyNode, chaosMs: number): void {
  const { random, invitations } = world
  const links = invitations.filter(() => random.chance(0.7))
  for (const invitation of links) {
    const isForgetful = random.chance(0.2)
    const identity = isForgetful ? {} : { name: node.name }
    const first = new Asking(world, node, invitation, { identity, another: false })
    begin(world, first, chaosMs)
    if (isForgetful) world.timeline.after(chaosMs - 1, WORLD, () => tellMore(first))
    if (invitation.wish.uses !== 1 && random.chance(0.2)) {
      begin(world, new Asking(world, node, invitation, { identity, another: true }), chaosMs)
    }
  }
}

/** Nothing was approved without the name, so that it is another request. */
function tellMore(asking: Asking): void {
  if (asking.invitation.wish.required.length > 0) asking.identity = { name: asking.node.name }
}

function begin(world: World, asking: Asking, chaosMs: number): void {
  const { random, timeline } = world
  world.askings.push(asking)
  const rush = random.pick([50, 3_000, chaosMs / 2])
  for (let more = 1 + random.below(5); more > 0; more -= 1) {
    const timeoutMs = random.chance(0.05) ? random.between(100, 5_000) : undefined
    timeline.after(random.between(0, rush), WORLD, () => asking.ask(timeoutMs))
  }
}

/** What happens to machines. */
function disturb(world: World, inviters: readonly PartyNode[], chaosMs: number): void {
  const { random, timeline, nodes } = world
  const at = (): number => random.between(0, chaosMs * 0.7)
  for (const node of nodes) {
    if (random.chance(0.15)) timeline.after(at(), WORLD, () => jump(world, node))
    if (random.chance(0.1)) timeline.after(at(), WORLD, () => freeze(world, node))
    if (random.chance(0.1)) timeline.after(at(), WORLD, () => restart(world, node))
  }
  for (const node of inviters) {
    const soon = random.chance(0.5) ? random.between(1, 50) : at()
    if (random.chance(0.25)) timeline.after(soon, WORLD, () => void node.boot())
  }
  for (const invitation of world.invitations) {
    if (random.chance(0.1)) timeline.after(at(), WORLD, () => invitation.revoke())
    if (random.chance(0.15)) revokeMidway(world, invitation)
    changeTerms(world, invitation, chaosMs)
  }
}

/** The inviter offers something else, by chances of its own: what else happens stays what the seed has always led to. */
function changeTerms(world: World, invitation: Invitation, chaosMs: number): void {
  const { timeline, watchers, chaos } = world
  const random = new Random(Buffer.from(invitation.secret).readInt32LE())
  if (!random.chance(0.4)) return
  for (let more = 1 + random.below(3); more > 0; more -= 1)
    timeline.after(random.between(0, chaosMs), WORLD, () => invitation.changeTerms())
  watchers.push((type, to) => {
    // In good times it stands by what it offers: whoever waits for its yes gets it.
    const isContact = chaos.raging && type === 'InboundContact' && to === invitation.inviter.peerId
    if (isContact && random.chance(0.3))
      timeline.after(random.between(0, 50), WORLD, () => invitation.changeTerms())
  })
}

/** The inviter changes its mind while a request is on its way, or being worked on. */
function revokeMidway({ random, timeline, watchers }: World, invitation: Invitation): void {
  const isTheOne = random.pick([0.3, 1])
  watchers.push((type, to) => {
    const isContact = type === 'InboundContact' && to === invitation.inviter.peerId
    if (isContact && random.chance(isTheOne)) {
      timeline.after(random.between(0, 100), WORLD, () => invitation.revoke())
    }
  })
}

const MINUTE = 60_000
const JUMPS = [MINUTE, 60 * MINUTE, 24 * 60 * MINUTE, 10 * 365 * 24 * 60 * MINUTE]

function jump({ random, trace }: World, node: PartyNode): void {
  const ms = random.pick(JUMPS) * (random.chance(0.5) ? 1 : -1)
  trace.say(() => `${node.name}: the clock is moved by ${ms / MINUTE} minutes`)
  node.wallError += ms
}

/** SIGSTOP, another process meanwhile perhaps, SIGCONT. */
function freeze({ random, timeline, trace }: World, node: PartyNode): void {
  const { current } = node
  if (current === undefined) return
  const { life } = current
  node.disk.finish(life)
  if (!life.alive) return
  trace.say(() => `${life.name}: is stopped`)
  life.pause()
  if (random.chance(0.5)) node.boot()
  timeline.after(random.between(100, 60_000), WORLD, () => {
    trace.say(() => `${life.name}: goes on`)
    life.resume()
  })
}

/** As an operator does it. */
function restart({ random, trace }: World, node: PartyNode): void {
  const { current } = node
  if (current === undefined) return
  const { life, manager } = current
  trace.say(() => `${life.name}: is told to stop`)
  void manager.drain(random.between(0, 10_000)).then(() => {
    if (life.alive) life.die('as it was told')
  })
}

/** Who should not be there at all. */
function intrude(world: World, chaosMs: number): void {
  const { random, timeline } = world
  if (random.chance(0.4)) return
  const mallory = new HostilePeer(world, 'mallory')
  world.hostile.push(mallory)
  if (random.chance(0.4)) acknowledgePromptly(world, mallory)
  const withinMs = random.pick([60, 2_000])
  if (random.chance(0.7)) echoPromptly(world, mallory, { chance: 0.6, withinMs, times: 4 })
  for (let more = 1 + random.below(6); more > 0; more -= 1) {
    const invitation = random.pick(world.invitations)
    timeline.after(random.between(0, chaosMs * 0.6), WORLD, () => mallory.act(invitation))
  }
}

/** Whoever is the first to acknowledge is not always who should. */
function acknowledgePromptly(world: World, mallory: HostilePeer): void {
  const { random, timeline, network, watchers, invitations } = world
  watchers.push((type) => {
    const from = network.overheard.at(-1)?.from
    const invitation = invitations.find(({ inviter }) => inviter.peerId === from)
    if (type !== 'ProvisioningResult' || invitation === undefined || !random.chance(0.5)) return
    timeline.after(random.between(0, 20), WORLD, () => mallory.acknowledge(invitation))
  })
}

/** Some contacts come twice, the second while the first is still being answered. */
function echoPromptly(
  { random, timeline, network, watchers, invitations, chaos }: World,
  who: HostilePeer,
  often: { readonly chance: number; readonly withinMs: number; readonly times: number },
): void {
  let left = often.times
  watchers.push((type, to) => {
    const invitation = invitations.find(({ inviter }) => inviter.peerId === to)
    const last = network.overheard.at(-1)
    if (type !== 'InboundContact' || invitation === undefined || last === undefined) return
    // The last tries there are must lead somewhere: an echo that is faster holds the use for ten minutes.
    if (!chaos.raging) return
    // What it says itself comes by here too.
    if (left === 0 || who.isSpeaking || !random.chance(often.chance)) return
    left -= 1
    timeline.after(random.between(0, often.withinMs), WORLD, () => who.repeat(invitation, last))
  })
}
