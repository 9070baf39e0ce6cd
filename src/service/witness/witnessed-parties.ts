import { openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import { trailKey } from '../../audit/checkpoint/note-key.ts'
import { NoteInvalidError } from '../../audit/errors.ts'
import type { WitnessedCheckpoint } from '../../audit/witness/witnessed-checkpoint.ts'
import { witnessedRecords } from '../../store/audit/witnessed-records.ts'
import { appendAudit, type Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/**
 * - `consistent`: each checkpoint that the party showed goes on from the ones before
 * - `unproven`: not all of them were proven so far; the next contact asks for it
 * - `rolled_back`: it showed less than it had shown before
 * - `forked`: it showed what no log can have that has what it showed before
 */
export type PartyState = 'consistent' | 'unproven' | 'rolled_back' | 'forked'

/** The state of another party's audit, as far as it is known. */
export interface WitnessedParty {
  readonly peerId: string
  readonly state: PartyState
  /** The newest that is proven. Of a party that was never seen before this one is taken as it is. */
  readonly proven: WitnessedCheckpoint
  readonly open: readonly WitnessedCheckpoint[]
  /** The evidence against it: an alarm stands for as long as there is one. */
  readonly contradictions: readonly WitnessedCheckpoint[]
  /** False if the newest proven one, as it is kept, is nothing that this party signed. */
  readonly isSigned: boolean
}

type Reading = Pick<RecordStore, 'query'>

/** Alarms first, then by who was seen last. @throws StoreError */
export function witnessedParties(
  store: Reading,
  limit: number,
): Promise<readonly WitnessedParty[]> {
  return store.query(function* () {
    return yield* partiesOf(yield* witnessedRecords.peers(limit))
  })
}

/** Undefined if that party never showed anything. @throws StoreError */
export async function witnessedParty(
  store: Reading,
  peerId: string,
): Promise<WitnessedParty | undefined> {
  const [party] = await store.query(() => partiesOf([peerId]))
  return party
}

/** Parties by the beginning or the end of their id, at most ten. @throws StoreError */
export function witnessedPartiesLike(
  store: Reading,
  part: string,
): Promise<readonly WitnessedParty[]> {
  return store.query(function* () {
    return yield* partiesOf(yield* witnessedRecords.peersLike(part))
  })
}

/** How many parties have shown a checkpoint. @throws StoreError */
export function countWitnessed(store: Reading): Promise<number> {
  return store.query(() => witnessedRecords.countPeers())
}

/** How many parties an alarm stands for. @throws StoreError */
export function alarmedParties(store: Reading): Promise<number> {
  return store.query(() => witnessedRecords.alarmed())
}

/** Forgets a party: its next checkpoint is taken as it is. Recorded in the audit. @throws StoreError */
export async function forgetParty(
  store: Pick<RecordStore, 'transact'>,
  { peerId, state, proven: { size } }: WitnessedParty,
  operator: Operator,
): Promise<void> {
  const record = operatorRecord('audit witnesses --forget', {}, { state, size }, operator)
  await store.transact(function* () {
    yield* witnessedRecords.forget(peerId)
    yield* appendAudit({ ...record, peerId })
  })
}

function* partiesOf(peerIds: readonly string[]): Query<readonly WitnessedParty[]> {
  const parties: WitnessedParty[] = []
  for (const peerId of peerIds) {
    const party = partyOf(yield* witnessedRecords.ofPeer(peerId))
    if (party !== undefined) parties.push(party)
  }
  return parties
}

function partyOf(kept: readonly WitnessedCheckpoint[]): WitnessedParty | undefined {
  const proven = kept.find(({ standing }) => standing === 'proven')
  if (proven === undefined) return undefined
  const open = kept.filter(({ standing }) => standing === 'open')
  const contradictions = kept.filter(({ against }) => against !== undefined)
  const { peerId } = proven
  const state = stateOf(open, contradictions)
  return { peerId, state, proven, open, contradictions, isSigned: isSigned(proven) }
}

/** Of a party that says that it has none, nothing is signed. */
function isSigned({ peerId, note, size, root }: WitnessedCheckpoint): boolean {
  if (note === '') return size === 0
  try {
    const signed = openCheckpoint(note, trailKey(peerId))
    return signed.size === size && Buffer.compare(signed.root, root) === 0
  } catch (error) {
    if (error instanceof NoteInvalidError) return false
    throw error
  }
}

function stateOf(
  open: readonly WitnessedCheckpoint[],
  contradictions: readonly WitnessedCheckpoint[],
): PartyState {
  if (contradictions.some(({ standing }) => standing === 'forked')) return 'forked'
  if (contradictions.length > 0) return 'rolled_back'
  return open.length > 0 ? 'unproven' : 'consistent'
}
