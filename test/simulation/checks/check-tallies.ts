import type { Scene } from '../scene.ts'
import { OFFER_AGE_MS } from '../world/offer-age.ts'
import type { PartyNode } from '../world/party-node.ts'
import { factsOf, type TallyFact } from './facts.ts'
import type { Complain } from './violation.ts'

/** I4: nobody has thrown away what the other side counts on. Holds at every moment. */
export function checkTallies(scene: Scene, broken: Complain): void {
  const byPeer = new Map<string, PartyNode>()
  const tallies = new Map<PartyNode, Map<string, TallyFact>>()
  for (const node of scene.nodes) {
    byPeer.set(node.peerId, node)
    // What is in an open batch is nobody's yet.
    if (!node.disk.idle) continue
    const own = factsOf(node.disk.database).tallies
    tallies.set(node, new Map(own.map((tally) => [tally.tallyId, tally])))
  }
  for (const [node, own] of tallies) {
    for (const tally of own.values()) {
      checkDatabase(node, tally, broken)
      const partner = byPeer.get(tally.partner)
      const theirs = partner && tallies.get(partner)
      if (partner === undefined) broken('I4', `${node.name} has a tally with nobody`)
      else if (theirs !== undefined) checkOtherHalf(node, tally, partner, theirs, broken)
    }
  }
}

/** Who holds stock has built; what is in use there must be there. */
function checkDatabase(
  node: PartyNode,
  { tallyId, role, draft }: TallyFact,
  broken: Complain,
): void {
  if (role !== 'stock') return
  const database = node.server.databases.get(tallyId)
  if (database === undefined)
    broken('I4', `${node.name} keeps tally ${tallyId}, and its database is gone`)
  else if (database.draft.sha256 !== draft)
    broken('I4', `${node.name} keeps tally ${tallyId}, and its database holds another draft`)
}

function checkOtherHalf(
  node: PartyNode,
  tally: TallyFact,
  partner: PartyNode,
  theirs: ReadonlyMap<string, TallyFact>,
  broken: Complain,
): void {
  if (tally.status !== 'confirmed') return
  const half = theirs.get(tally.tallyId)
  // The one way out of a promise, and it is on record: it is told when they meet again.
  if (half === undefined && withdrawnBy(partner, tally)) return
  const what = `tally ${tally.tallyId}, which ${node.name} has as confirmed`
  if (half === undefined) broken('I4', `${partner.name} does not have ${what}`)
  else if (half.draft !== tally.draft) broken('I4', `${partner.name} has another draft of ${what}`)
  else if (half.role === tally.role) broken('I4', `both have the same half of ${what}`)
}

function withdrawnBy(partner: PartyNode, { tallyId, redemptionId }: TallyFact): boolean {
  const { redemptions } = factsOf(partner.disk.database)
  return redemptions.some(
    ({ id, withdrawnAt, ...its }) =>
      id === redemptionId && its.tallyId === tallyId && withdrawnAt !== undefined,
  )
}

function committedFor({ peerId }: PartyNode, inviter: PartyNode): number {
  const { redemptions } = factsOf(inviter.disk.database)
  return redemptions.filter((each) => each.peerId === peerId && each.state === 'committed').length
}

/** What was withdrawn was old, is told to whoever kept its half, and its use stays consumed. */
export function checkWithdrawn(scene: Scene, broken: Complain): void {
  for (const node of scene.nodes) {
    const facts = factsOf(node.disk.database)
    for (const { id, givenAt, withdrawnAt, state } of facts.redemptions) {
      if (withdrawnAt === undefined) continue
      if (state !== 'committed') broken('I2', `${node.name}: the use of ${id} is free again`)
      if (withdrawnAt - givenAt < OFFER_AGE_MS)
        broken(
          'I4',
          `${node.name}: ${id} was withdrawn ${withdrawnAt - givenAt} ms after its answer`,
        )
    }
    for (const tally of facts.tallies) {
      const partner = scene.nodes.find(({ peerId }) => peerId === tally.partner)
      if (tally.status !== 'confirmed' || partner === undefined || !withdrawnBy(partner, tally))
        continue
      // A contact is about one tally: with several from one link the rest hear of it another time.
      if (committedFor(node, partner) === 1)
        broken('I4', `${node.name} still counts on ${tally.tallyId}, which was withdrawn`)
    }
  }
}

/** I3: every database belongs to a tally that is kept. Holds when removals have had their time. */
export function checkThatDatabasesBelong(scene: Scene, broken: Complain): void {
  for (const node of scene.nodes) {
    const kept = new Map(
      factsOf(node.disk.database).tallies.map((tally) => [tally.tallyId, tally.redemptionId]),
    )
    for (const tallyId of node.server.databases.keys()) {
      if (!kept.has(tallyId))
        broken('I3', `${node.name}: the database of ${tallyId} is there, and belongs to nothing`)
    }
  }
}
