import type { Scene } from '../scene.ts'
import type { Asking } from '../world/asking.ts'
import type { Invitation } from '../world/invitation.ts'
import { factsOf, type RedemptionFact } from './facts.ts'
import type { Complain } from './violation.ts'

/** I1 and I2 over everything that ever happened to a token. */
export function checkLedgers(scene: Scene, broken: Complain): void {
  for (const invitation of scene.invitations) {
    const { inviter, tokenId, wish } = invitation
    const facts = factsOf(inviter.disk.database)
    const mine = facts.redemptions.filter((each) => each.tokenId === tokenId)
    const committed = mine.filter(({ state }) => state === 'committed')
    const where = `${inviter.name}, token ${tokenId}`
    if (wish.uses !== null && committed.length > wish.uses)
      broken('I1', `${where}: ${committed.length} tallies of ${wish.uses}`)
    if (new Set(committed.map(({ tallyId }) => tallyId)).size !== committed.length)
      broken('I2', `${where}: two redemptions with one tally`)
    for (const { id, state } of mine) {
      if (!SETTLED.has(state))
        broken('I1', `${where}: redemption ${id} is ${state} long after anybody cared`)
    }
    const before = invitation.builtBeforeRevocation
    if (
      before !== undefined &&
      facts.isRevoked(tokenId) &&
      committed.some(({ id }) => !before.has(id))
    )
      broken('I1', `${where}: a use was given after the token was revoked`)
    checkTime(mine, where, broken)
    checkPeers(scene, invitation, committed, broken)
  }
}

/** C1: for the ledger time never goes back, so what has expired stays so. */
function checkTime(mine: readonly RedemptionFact[], where: string, broken: Complain): void {
  let latest = 0
  for (const { id, approvedAt } of mine) {
    if (approvedAt < latest) broken('C1', `${where}: redemption ${id} was made in the past`)
    latest = Math.max(latest, approvedAt)
  }
}

const SETTLED: ReadonlySet<string> = new Set(['committed', 'released'])

/** One tally for each who asked, and for each time that one asked for another. */
function checkPeers(
  scene: Scene,
  invitation: Invitation,
  committed: readonly RedemptionFact[],
  broken: Complain,
): void {
  const { inviter, tokenId } = invitation
  for (const peerId of new Set(committed.map((each) => each.peerId))) {
    const name = scene.nodes.find((node) => node.peerId === peerId)?.name ?? 'a stranger'
    const asked = scene.askings.filter(
      (asking) => asking.invitation === invitation && asking.node.peerId === peerId,
    )
    const made = committed.filter((each) => each.peerId === peerId).length
    const another = asked.filter((each) => each.another)
    const wanted = another.reduce((sum, { asks }) => sum + asks, 0) + 1
    const where = `${inviter.name}, token ${tokenId}`
    if (asked.length === 0) broken('I2', `${where}: ${name} has a tally and no link`)
    else if (made > wanted) broken('I2', `${where}: ${name} has ${made} tallies for one request`)
  }
}

/** I2's other half: whoever has a right to a tally has got it, now that everything works. */
export function checkLiveness(scene: Scene, broken: Complain): void {
  for (const asking of scene.askings) {
    const { node, invitation } = asking
    const { inviter, tokenId } = invitation
    const theirs = factsOf(inviter.disk.database).redemptions.filter(
      (each) =>
        each.tokenId === tokenId &&
        each.peerId === node.peerId &&
        each.state === 'committed' &&
        each.withdrawnAt === undefined,
    )
    const who = `${node.name} with ${inviter.name}'s token ${tokenId}`
    checkConfirmed(asking, theirs, broken)
    // Who asks for another tally on the same link takes turns with itself: one of them has to get there.
    const same = scene.askings.filter(
      (each) => each.node === node && each.invitation === invitation,
    )
    if (same.length > 1 && same.some(({ completed }) => completed)) continue
    if (theirs.length > 0 && asking.last?.completed !== true)
      broken('I2', `${who} has a right to a tally and does not get it: ${why(asking)}`)
    if (theirs.length === 0 && !isExcused(asking))
      broken('liveness', `${who} gets nowhere: ${why(asking)}`)
  }
}

/** The last exchange went through undisturbed, so both know it. */
function checkConfirmed(
  { last, node, wasHealthy }: Asking,
  theirs: readonly RedemptionFact[],
  broken: Complain,
): void {
  if (last?.completed !== true || !wasHealthy) return
  const redemption = theirs.find(({ tallyId }) => tallyId === last.tallyId)
  if (redemption === undefined)
    broken('I4', `${node.name} completed ${last.tallyId}, which the inviter never committed`)
  else if (redemption.delivery !== 'confirmed')
    broken('I4', `${node.name} completed ${last.tallyId}, and the inviter does not know`)
}

function why({ last }: Asking): string {
  if (last === undefined) return 'it never heard anything'
  return last.completed ? 'it has one' : `${last.reason} in ${last.step}: ${last.detail ?? ''}`
}

/** Reasons for which a healthy world says no. */
function isExcused({ last, invitation, identity, node }: Asking): boolean {
  if (last === undefined || last.completed) return false
  const { inviter, tokenId, wish } = invitation
  const facts = factsOf(inviter.disk.database)
  switch (last.reason) {
    case 'expired':
      return true
    case 'invalid_token':
      // It expired, and was cleared away.
      return !facts.knows(tokenId)
    case 'withdrawn':
      return facts.redemptions.some(
        ({ peerId, withdrawnAt }) => peerId === node.peerId && withdrawnAt !== undefined,
      )
    case 'revoked':
      return facts.isRevoked(tokenId)
    case 'used':
      return (
        wish.uses !== null &&
        facts.redemptions.filter((each) => each.tokenId === tokenId && each.state === 'committed')
          .length >= wish.uses
      )
    case 'denied':
      return facts.isDenied(tokenId, node.peerId)
    case 'identity_required':
      return wish.required.some((field) => identity[field] === undefined)
    default:
      return false
  }
}
