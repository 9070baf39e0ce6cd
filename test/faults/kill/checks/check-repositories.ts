import { decodeLink } from '../../../../src/protocol/link/link.ts'
import { linkHash } from '../../../../src/protocol/link/secret.ts'
import type { Store } from '../../../../src/store/transaction/store.ts'
import type { Scene } from '../scene.ts'
import { type Facts, factsOf } from './facts.ts'

/** I1, I2, I3 and I9 in the inviter's ledger: one use, one tally, nothing under way. */
export function inviterComplaints(store: Store, { tokenId }: Scene): string[] {
  const facts = factsOf(store)
  const complaints = commonComplaints('Alice', facts)
  const taken = facts.redemptions.filter(({ state }) => state !== 'released')
  if (taken.length > 1) complaints.push(`I1: ${taken.length} uses are taken of one`)
  const states = taken.map(({ state, delivery }) => `${state} and ${delivery}`)
  if (states.join() !== 'committed and confirmed') complaints.push(`I2: the use is ${states}`)
  if (facts.redemptions.some((each) => each.tokenId !== tokenId))
    complaints.push('I1: a redemption of a token that was never handed out')
  return complaints
}

/** The same in the invitee's: one attempt that led to something, and none that goes on. */
export function inviteeComplaints(store: Store, { link }: Scene): string[] {
  const facts = factsOf(store)
  const complaints = commonComplaints('Bob', facts)
  const own = facts.attempts.filter(({ link: hash }) => hash === linkHash(decodeLink(link)))
  const statuses = own.map(({ status }) => status)
  if (statuses.join() !== 'confirmed') complaints.push(`I2: Bob's attempts are ${statuses}`)
  return complaints
}

function commonComplaints(name: string, facts: Facts): string[] {
  const complaints: string[] = []
  const { tallies, removals, openSessions, chunksOfNothing } = facts
  if (tallies.length !== 1) complaints.push(`I2: ${name} has ${tallies.length} tallies`)
  if (removals > 0) complaints.push(`I3: ${name} still has ${removals} databases to remove`)
  if (chunksOfNothing > 0) complaints.push(`I3: ${name} has documents of no tally`)
  for (const { id, state } of openSessions)
    complaints.push(`I9: ${name}: session ${id} is still ${state}`)
  return complaints
}
