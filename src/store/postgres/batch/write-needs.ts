import type { Grant } from '../../../session/machine/listener-state.ts'
import type { ReserveRequest } from '../../../session/ports/uses/reservation.ts'
import type { Write } from '../../../session/ports/write.ts'
import type { LoadName } from '../loads/load-name.ts'
import type { Needs } from '../loads/needs.ts'

/** Facts about a batch before anything is loaded for it. */
export interface BatchFacts {
  readonly needs: Needs
  /** The number of uses that may be given out, and of redemptions that may be released, at most. */
  readonly size: number
  /** The sessions that pruning has looked at so far. */
  readonly pruned: { readonly looked: number; readonly lookedAgain: number }
}

type WriteOf<Op extends Write['op']> = Extract<Write, { readonly op: Op }>

type NeedsOf = {
  readonly [Op in Write['op']]: (facts: BatchFacts, write: WriteOf<Op>) => void
}

const WRITE_NEEDS: NeedsOf = {
  saveSession: ({ needs }, { summary }) => needs.addIds('sessions', [summary.id]),
  appendLate: ({ needs }, { sessionId }) => needs.addIds('sessions', [sessionId]),
  appendAudit: () => undefined,
  rememberTime: () => undefined,
  keepCheckpoint: ({ needs }, { shown }) => needs.addIds('checkpoints', [shown.peerId]),

  oweRemoval: ({ needs }, { order }) => needs.addIds('removals', [order.tallyId]),
  withdrawRemoval: ofRemoval,

  reserve: (facts, { request }) => toReserve(facts, request),
  resume: (facts, { request, tokenId }) => toReserve(facts, { ...request, grant: { tokenId } }),
  keepRequest: (facts, { request }) => {
    toReserve(facts, request)
    facts.needs.addIds('requestsOfPeers', [request.peerId])
    facts.needs.add('waiting', { one: 1 })
    facts.needs.addIds('requests', [request.sessionId])
  },
  approveRequest: ofRequest,
  denyRequest: ofRequest,
  endRequest: ofRequest,
  approve: ({ needs }, { claim }) => redemption(needs, claim.redemptionId),
  intendProvision: ({ needs }, { claim }) => {
    redemption(needs, claim.redemptionId)
    needs.addIds('removals', [claim.tallyId])
  },
  delegate: ({ needs }, { claim }) => redemption(needs, claim.redemptionId),
  commit,
  confirm: ({ needs }, { redemptionId }) =>
    about(needs, ['redemptions', 'talliesOfRedemptions'], redemptionId),
  release: ({ needs }, { claim, tokenId }) => {
    needs.addIds('lockedTokens', [tokenId])
    needs.addIds('removals', [claim.tallyId])
    about(needs, ['redemptions', 'requestsOfRedemptions'], claim.redemptionId)
  },
  decline: ({ needs }, { tokenId: token, facts }) => {
    for (const load of ['declines', 'requestsOfPair'] as const)
      needs.add(load, { token, peer: facts.peerId })
  },
  noteLostUse: ({ needs }, { lost, stop }) => {
    needs.addIds('lostUses', [lost.redemptionId])
    if (stop !== undefined) about(needs, ['lockedTokens', 'tokens'], stop.tokenId)
  },

  quoteLease: ofAttempt,
  beginAttempt: ({ needs }, { attempt }) => {
    about(needs, ['lockedLinks', 'attemptsOnLinks'], attempt.linkHash)
    needs.addIds('attempts', [attempt.attemptId])
  },
  keepTally: ({ needs }, { attemptId, tally, known }) => {
    about(needs, ['tallies', 'documents', 'removals'], tally.tallyId)
    needs.addIds('attempts', [attemptId])
    needs.addIds('lostUses', [known])
  },
  confirmTally: ofBuilt,
  discardTally: ofBuilt,
  endAttempt: ofAttempt,
  noteWithdrawn: ({ needs }, { attemptId }) =>
    about(needs, ['attempts', 'talliesOfAttempts'], attemptId),
  noteLoss: ({ needs }, { lost }) => needs.addIds('lostUses', [lost.redemptionId]),

  claimRemoval: ({ needs }, { tallyId }) =>
    about(needs, ['removals', 'attemptsOfTallies', 'redemptionsOfTallies', 'tallies'], tallyId),
  finishRemoval: ofRemoval,
  failRemoval: ofRemoval,
  hastenRemoval: ofRemoval,
  settleNotice: ({ needs }, { redemptionId }) => needs.addIds('notices', [redemptionId]),
  failNotice: ({ needs }, { redemptionId }) => needs.addIds('notices', [redemptionId]),
  noteExpiries: ({ needs }, { now, limit: most }) => needs.add('expiredTokens', { now, most }),
  pruneHistory: ({ needs, pruned }, { keep }) =>
    needs.add('pruneBound', { keep, looked: pruned.looked, again: pruned.lookedAgain }),
  withdrawOffer: ({ needs }, { order }) => {
    const { redemptionId } = order
    about(needs, ['redemptions', 'talliesOfRedemptions', 'answers'], redemptionId)
    needs.addIds('documentsOfRedemptions', [redemptionId])
    needs.addIds('removals', [order.tallyId])
  },
  forgetToken: ({ needs }, { tokenId }) =>
    about(needs, ['lockedTokens', 'tokens', 'declinesOfTokens', 'denialsOfTokens'], tokenId),
  removeAttempt: ofAttempt,
  freeLease: ofAttempt,
  freeLeases: ({ needs }) => needs.add('heldAttempts', { one: 1 }),
  removeDocument: ({ needs }, { tallyId }) => about(needs, ['documents', 'tallies'], tallyId),
}

/** Tells what a write rests on. */
export function needWrite(facts: BatchFacts, write: Write): void {
  // The table's type pairs each write with a teller of just that one.
  const tell = WRITE_NEEDS[write.op] as (facts: BatchFacts, write: Write) => void
  tell(facts, write)
}

/** Writes that may take a fence. */
const FENCING: ReadonlySet<Write['op']> = new Set([
  ...(['reserve', 'resume', 'keepRequest', 'approveRequest'] as const),
])

export function takesFence({ op }: Write): boolean {
  return FENCING.has(op)
}

function about(needs: Needs, loads: readonly LoadName[], id: string): void {
  for (const load of loads) needs.addIds(load, [id])
}

function redemption(needs: Needs, id: string): void {
  about(needs, ['redemptions', 'tokensOfRedemptions'], id)
}

function ofRemoval({ needs }: BatchFacts, { tallyId }: { readonly tallyId: string }): void {
  needs.addIds('removals', [tallyId])
}

function ofRequest({ needs }: BatchFacts, { id }: { readonly id: string }): void {
  needs.addIds('requests', [id])
}

function ofAttempt({ needs }: BatchFacts, { attemptId }: { readonly attemptId: string }): void {
  needs.addIds('attempts', [attemptId])
}

type Built = WriteOf<'confirmTally' | 'discardTally'>

function ofBuilt({ needs }: BatchFacts, { attemptId, tallyId }: Built): void {
  needs.addIds('attempts', [attemptId])
  about(needs, ['tallies', 'documents'], tallyId)
}

function commit({ needs }: BatchFacts, { claim, grant, tally, notice }: WriteOf<'commit'>): void {
  needs.addIds('redemptions', [claim.redemptionId, tally.redemptionId])
  needs.addIds('tallies', [tally.tallyId])
  if (grant.byHand === true) needs.addIds('requestsOfRedemptions', [claim.redemptionId])
  if (notice !== undefined) needs.addIds('notices', [notice.notice.redemptionId])
  if (grant.usesAllowed !== null) about(needs, ['lockedTokens', 'tokens'], grant.tokenId)
}

type Reserving = Pick<ReserveRequest, 'redemptionId' | 'peerId' | 'bootstrapId'> & {
  readonly grant: Pick<Grant, 'tokenId'>
}

function toReserve({ needs, size }: BatchFacts, request: Reserving): void {
  const { redemptionId, peerId: peer, bootstrapId: bootstrap, grant } = request
  const { tokenId: token } = grant
  about(needs, ['lockedTokens', 'tokens'], token)
  needs.add('freeSlots', { id: token, uses: size + 1 })
  needs.addIds('redemptions', [redemptionId])
  needs.add('redemptionsOfPair', { token, peer, bootstrap, most: size + 1 })
  needs.add('declines', { token, peer })
  // A hook may not say that the ledger's own token is by hand.
  needs.add('denials', { token, peer })
  needs.add('requestsOfPair', { token, peer })
}
