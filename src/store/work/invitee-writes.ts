import { compact } from '../../protocol/base/compact.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { AnswerTo, InviteeWrite } from '../../session/ports/write.ts'
import type { Appliers } from './appliers.ts'
import { isClaimedByOther } from './removal-writes.ts'
import type { Tables } from './tables.ts'
import { WriteRefused } from './write-refused.ts'

export const INVITEE_WRITES: Appliers<InviteeWrite> = {
  quoteLease,
  beginAttempt: ({ attempts }, { attempt, lease, after, now }) => {
    const { linkHash } = attempt
    if (attempts.latestId(linkHash) !== after || attempts.isLeased(linkHash, now))
      throw new WriteRefused('busy')
    attempts.begin(attempt, lease)
  },
  keepTally,
  confirmTally: ({ attempts, tallies }, { attemptId, tallyId, signature }) => {
    tallies.confirm(tallyId, compact({ inviter: signature }))
    attempts.set(attemptId, 'confirmed', tallyId)
  },
  discardTally: ({ attempts, tallies }, { attemptId, tallyId }) => {
    tallies.remove(tallyId)
    attempts.set(attemptId, 'ended')
  },
  endAttempt: ({ attempts }, { attemptId }) => attempts.set(attemptId, 'ended'),
  noteWithdrawn: ({ reaping }, { attemptId, now, facts }) =>
    compact({ tallyId: reaping.noteWithdrawn(attemptId, facts.peerId, now) }),
  noteLoss: ({ lostUses }, { lost }) => void lostUses.note(lost),
}

type WriteOf<Op extends InviteeWrite['op']> = Extract<InviteeWrite, { readonly op: Op }>

function quoteLease(
  { attempts }: Tables,
  { attemptId, owner, as, building }: WriteOf<'quoteLease'>,
): void {
  if (as === 'leave') attempts.free(attemptId, owner)
  else if (!holds()) throw new WriteRefused('fence')

  function holds(): boolean {
    if (as === 'free') return attempts.free(attemptId, owner)
    if (building === undefined) return attempts.holds(attemptId, owner)
    return attempts.noteBuilding(attemptId, owner, building)
  }
}

function keepTally(
  tables: Tables,
  { attemptId, tally, mustOwn, voidClaim, known }: WriteOf<'keepTally'>,
): AnswerTo['keepTally'] {
  const { attempts, lostUses, removals, tallies } = tables
  const { tallyId, status } = tally
  keep(tables, tally)
  const kept = tallies.find(tallyId) ?? tally
  const owed = removals.settle(tallyId)
  // Owed since it was to be built: who stood still for longer than its lease may find that others have seen to that.
  const isOurs = owed !== undefined && !isClaimedByOther(owed.claim, voidClaim)
  if (mustOwn && !isOurs) throw new WriteRefused('overtaken')
  attempts.set(attemptId, status === 'held' ? 'held' : 'confirmed', tallyId)
  if (known !== undefined) lostUses.settle(known)
  return { kept }
}

function keep({ tallies }: Tables, tally: TallyRecord): void {
  const known = tallies.find(tally.tallyId)
  // A tally that is only held may have been approved again since, with another draft.
  if (known?.status === 'held' && known.built.draft.sha256 !== tally.built.draft.sha256) {
    tallies.remove(tally.tallyId)
  }
  if (tallies.insert(tally)) return
  if (tally.status === 'confirmed') tallies.confirm(tally.tallyId)
  // The inviter may have answered again since, with the same draft.
  if (tally.receipt !== undefined) tallies.setReceipt(tally.tallyId, tally.receipt)
}
