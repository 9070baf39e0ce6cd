import type { PartyState, WitnessedParty } from '../../service/witness/witnessed-parties.ts'
import { isoTime } from '../text/time-text.ts'

/** A partner's checkpoints of its own audit, as `--json` tells them. */
export interface WitnessDocument {
  readonly peerId: string
  readonly state: PartyState
  /** Records under the newest checkpoint that is proven. */
  readonly size: number
  /** Its RFC 6962 root, in hex. */
  readonly root: string
  /** The signed note, for `audit verify --against` on the partner's machine. */
  readonly note: string
  /** When this partner first showed one. */
  readonly since: string
  /** When the newest was shown last, good to a minute. */
  readonly seenAt: string
  /** Session that brought it. */
  readonly sessionId: string
  /** Sizes of checkpoints that are not proven to belong to the same log so far. */
  readonly unproven: readonly number[]
  readonly contradictions: readonly ContradictionDocument[]
  /** False if the checkpoint is nothing that this partner signed: it was changed here. */
  readonly verified: boolean
}

interface ContradictionDocument {
  readonly kind: 'forked' | 'rolled_back'
  readonly at: string
  readonly sessionId: string
  /** The checkpoint shown. `note` is empty if the partner said that it has none. */
  readonly size: number
  readonly note: string
  /** The checkpoint shown before. */
  readonly againstSize: number
  readonly againstNote: string
}

export function witnessDocument(party: WitnessedParty): WitnessDocument {
  const { peerId, state, proven, open, contradictions, isSigned } = party
  return {
    peerId,
    state,
    verified: isSigned,
    size: proven.size,
    root: Buffer.from(proven.root).toString('hex'),
    note: proven.note,
    since: isoTime(proven.since),
    seenAt: isoTime(proven.seenAt),
    sessionId: proven.sessionId,
    unproven: open.map(({ size }) => size),
    contradictions: contradictions.map((each) => ({
      kind: each.standing === 'forked' ? 'forked' : 'rolled_back',
      at: isoTime(each.since),
      sessionId: each.sessionId,
      size: each.size,
      note: each.note,
      againstSize: each.against?.size ?? 0,
      againstNote: each.against?.note ?? '',
    })),
  }
}
