import { domainDigest, sha256Hex } from '../protocol/base/digest.ts'
import { canonicalJson } from '../protocol/json/canonical-json.ts'
import type { TallyEdit } from './tally-edit.ts'

const PEER_DOMAIN = 'taleus/tally/actor/peer/1'
const EDIT_DOMAIN = 'taleus/tally/actor/edit/1'

/** An actor id of ours has 16 bytes; Automerge writes them as hex. */
const ACTOR_BYTES = 16

/** Returns the author of the derived first change: nobody, and on every machine the same nobody. */
export function originActor(tallyId: string): string {
  return sha256Hex(tallyId).slice(0, 2 * ACTOR_BYTES)
}

/**
 * Returns the author of one edit: 8 bytes for the peer, 8 for the edit. Automerge names a change by its actor and a
 * counter, and two different changes of one name never merge. A counter kept in the store would be turned
 * back by restoring a backup; an actor made from the edit itself can't be.
 */
export function editActor(edit: TallyEdit, heads: readonly string[]): string {
  const { at, key, peerId, value } = edit
  const content = canonicalJson({ at, heads: heads.toSorted(), key, peerId, value })
  const which = domainDigest(EDIT_DOMAIN, content).subarray(0, ACTOR_BYTES / 2)
  return actorPrefix(peerId) + Buffer.from(which).toString('hex')
}

/** Returns the first half of the actors of a peer's edits. A claim only: who made a change, its signature tells. */
export function actorPrefix(peerId: string): string {
  return Buffer.from(domainDigest(PEER_DOMAIN, peerId).subarray(0, ACTOR_BYTES / 2)).toString('hex')
}
