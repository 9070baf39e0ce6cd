import type { RemovalOrder } from '../../../../src/session/ports/removals.ts'
import type { InviteeWrite, RemovalWrite } from '../../../../src/session/ports/write.ts'
import { tallyFrom } from './inviter-kinds.ts'
import { ATTEMPTS, LINKS, type Pools, TOKENS } from './pools.ts'

type Kinds = {
  readonly [Op in InviteeWrite['op']]: (from: Pools) => Extract<InviteeWrite, { op: Op }>
}

export const INVITEE_KINDS: Kinds = {
  quoteLease: (from) => {
    const as = from.pick(['hold', 'hold', 'hold', 'free', 'leave'] as const)
    const building = from.maybe({ building: from.tallyId() })
    return {
      op: 'quoteLease',
      attemptId: from.pick(ATTEMPTS),
      owner: from.owner(),
      as,
      ...building,
    }
  },
  beginAttempt: beginFrom,
  keepTally: (from) => {
    const attemptId = from.pick(ATTEMPTS)
    const [redemptionId, status] = [attemptId, from.pick(['held', 'confirmed'] as const)]
    return {
      op: 'keepTally',
      attemptId,
      tally: tallyFrom(from, from.tallyId(), { redemptionId, status, peerId: 'alice' }),
      mustOwn: from.chance(0.3),
      ...from.maybe({ voidClaim: from.lease() }, 0.2),
      tokenId: from.pick(TOKENS),
      ...from.maybe({ known: from.known().claim.redemptionId }),
      facts: from.facts('alice'),
    }
  },
  confirmTally: (from) => {
    const signed = from.maybe({ signature: from.signature() })
    const [attemptId, tallyId] = [from.pick(ATTEMPTS), from.tallyId()]
    return { op: 'confirmTally', attemptId, tallyId, ...signed }
  },
  discardTally: (from) => {
    return { op: 'discardTally', attemptId: from.pick(ATTEMPTS), tallyId: from.tallyId() }
  },
  endAttempt: (from) => ({ op: 'endAttempt', attemptId: from.pick(ATTEMPTS) }),
  noteWithdrawn: (from) => ({
    op: 'noteWithdrawn',
    attemptId: from.pick(ATTEMPTS),
    tokenId: from.pick(TOKENS),
    now: from.now,
    facts: from.facts(from.chance(0.9) ? 'alice' : 'bob'),
  }),
  noteLoss: (from) => {
    const { claim, tokenId, peerId } = from.known()
    const { redemptionId, tallyId } = claim
    const lost = { redemptionId, tokenId, peerId, tallyId, at: from.now }
    return { op: 'noteLoss', lost: { lostBy: 'inviter', ...lost } }
  },
}

function beginFrom(from: Pools): Extract<InviteeWrite, { op: 'beginAttempt' }> {
  const place = from.random.below(ATTEMPTS.length)
  const linkHash = LINKS[place % LINKS.length] ?? LINKS[0]
  return {
    op: 'beginAttempt',
    attempt: {
      attemptId: ATTEMPTS[place] ?? ATTEMPTS[0],
      bootstrapId: 'boot',
      linkHash,
      tokenId: from.pick(TOKENS),
      inviter: 'alice',
      role: from.pick(['stock', 'foil'] as const),
      requestHash: 'h1',
      identity: { name: 'Bob' },
      cadre: ['one', 'two'],
      ...from.maybe({ consented: { terms: { n: from.random.below(5) }, required: ['name'] } }),
      status: 'running',
      createdAt: from.now - from.random.below(20_000),
    },
    lease: from.lease(),
    after: from.chance(0.9) ? from.latest.get(linkHash) : from.pick(ATTEMPTS),
    now: from.now,
  }
}

type RemovalKinds = {
  readonly [Op in RemovalWrite['op']]: (from: Pools) => Extract<RemovalWrite, { op: Op }>
}

export const REMOVAL_KINDS: RemovalKinds = {
  oweRemoval: (from) => {
    const due = from.maybe({ dueAt: from.now + from.random.below(30_000) })
    return { op: 'oweRemoval', order: orderFrom(from), now: from.now, ...due }
  },
  withdrawRemoval: (from) => {
    const voided = from.maybe({ voidClaim: from.lease() }, 0.2)
    return { op: 'withdrawRemoval', tallyId: from.owedTallyId(), ...voided }
  },
}

export function orderFrom(from: Pools): RemovalOrder {
  const { claim, peerId } = from.known()
  const { redemptionId, fence } = claim
  const [tallyId, sessionId] = [from.owedTallyId(), from.session()]
  return { tallyId, redemptionId, fence, sessionId, peerId, reason: from.pick(['late', 'lost']) }
}
