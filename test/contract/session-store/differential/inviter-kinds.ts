import { sha256Hex } from '../../../../src/protocol/base/digest.ts'
import type { ReserveRequest } from '../../../../src/session/ports/reservation.ts'
import type { TallyRecord } from '../../../../src/session/ports/tally.ts'
import type { InviterWrite } from '../../../../src/session/ports/write.ts'
import { answerOf, PEERS, type Pools, TOKENS } from './pools.ts'

type Kinds = {
  readonly [Op in InviterWrite['op']]: (from: Pools) => Extract<InviterWrite, { op: Op }>
}

export const INVITER_KINDS: Kinds = {
  reserve: (from) => ({ op: 'reserve', request: requestFrom(from), facts: from.facts() }),
  resume: (from) => {
    const { grant, ...request } = requestFrom(from)
    const denied = from.pick(['expired', 'used', 'revoked'] as const)
    return { op: 'resume', request, tokenId: grant.tokenId, denied, facts: from.facts() }
  },
  approve: (from) => ({ op: 'approve', claim: from.known().claim, facts: from.facts() }),
  intendProvision: (from) => {
    const { claim } = from.known()
    return { op: 'intendProvision', claim, now: from.now, facts: from.facts() }
  },
  delegate: (from) => {
    const { claim, tokenId } = from.known()
    const response = answerOf(`${claim.redemptionId} ${claim.fence}`).payload
    const reservedUntil = from.now + 30_000
    return { op: 'delegate', claim, tokenId, response, reservedUntil, facts: from.facts() }
  },
  commit: commitFrom,
  confirm: (from) => {
    const { claim, peerId } = from.known()
    const { redemptionId } = claim
    const responseHash = from.chance(0.9) ? answerOf(redemptionId).hash : 'another'
    const signed = from.maybe({ signature: from.signature() })
    const facts = from.facts(from.chance(0.9) ? peerId : undefined)
    return { op: 'confirm', redemptionId, responseHash, now: from.now, ...signed, facts }
  },
  release: (from) => {
    const { claim, tokenId } = from.known()
    const reason = from.pick(['lapsed', 'timeout'])
    return { op: 'release', claim, tokenId, reason, now: from.now, facts: from.facts() }
  },
  decline: (from) => {
    const reason = from.maybe({ reason: 'no' })
    const tokenId = from.pick(TOKENS)
    return { op: 'decline', tokenId, ...reason, now: from.now, facts: from.facts() }
  },
  noteLostUse: (from) => {
    const { claim, tokenId, peerId } = from.known()
    const { redemptionId, tallyId } = claim
    const lost = { lostBy: 'here', redemptionId, tokenId, peerId, tallyId, at: from.now } as const
    const stop = from.maybe({ stop: from.grant(tokenId) }, 0.3)
    return { op: 'noteLostUse', lost, ...stop, now: from.now, facts: from.facts() }
  },
}

function requestFrom(from: Pools): ReserveRequest {
  const drawn = { peerId: from.pick(PEERS), tokenId: from.pick(TOKENS) }
  const { peerId, tokenId } = from.chance(0.4) ? from.known() : drawn
  const running = Array.from({ length: 4 }, () => from.session())
  return {
    redemptionId: from.newRedemption(),
    sessionId: from.session(),
    grant: from.grant(tokenId),
    inviter: 'alice',
    peerId,
    bootstrapId: `${from.pick(['b1', 'b2'])} of ${peerId}`,
    requestHash: from.chance(0.85) ? 'h1' : 'h2',
    another: from.chance(0.3),
    now: from.now,
    reservedUntil: from.now + from.pick([1_000, 60_000]),
    running: new Set(from.chance(0.3) ? running : []),
    ...(from.turn % 17 === 0 ? { isOfferOld: true } : {}),
    ...from.maybe({ unlessAnswered: PAUSED }, 0.05),
  }
}

const PAUSED = { kind: 'refused', code: 'busy', reason: 'paused' } as const

function commitFrom(from: Pools): Extract<InviterWrite, { op: 'commit' }> {
  const { claim, tokenId, peerId } = from.known()
  const { redemptionId, fence } = claim
  const tallyId = from.chance(0.85) ? claim.tallyId : from.tallyId()
  const status = from.pick(['offered', 'confirmed'] as const)
  const notice = { redemptionId, tokenId, fence, sessionId: from.session(), peerId }
  return {
    op: 'commit',
    claim,
    grant: from.grant(tokenId),
    tally: tallyFrom(from, tallyId, { redemptionId, status, peerId }),
    ...from.maybe({ response: answerOf(redemptionId) }, 0.7),
    ...from.maybe({ receipt: from.random.bytes(4) }, 0.3),
    now: from.now,
    ...from.maybe({ notice: { notice, dueAt: from.now + 1_000 } }),
    ...from.maybe({ isSigned: true }, 0.3),
    facts: from.facts(peerId),
  }
}

/** Some tally, of one of two drafts, signed or not. */
export function tallyFrom(
  from: Pools,
  tallyId: string,
  {
    redemptionId,
    status,
    peerId,
  }: Pick<TallyRecord, 'redemptionId' | 'status'> & { peerId: string },
): TallyRecord {
  const text = `{"tally":"${tallyId}","draft":${from.pick([1, 2])}}`
  const database = { engine: 'automerge', endpoint: `at ${tallyId}`, credentialsRef: 'peer-id' }
  const marks = { tokenId: from.pick(TOKENS), request: sha256Hex('1'), response: sha256Hex('2') }
  const signatures = {
    ...from.maybe({ inviterSignature: from.signature() }),
    ...from.maybe({ inviteeSignature: from.signature() }),
  }
  return {
    ...{ tallyId, redemptionId, status, createdAt: from.now },
    role: from.chance(0.7) ? 'foil' : 'stock',
    partner: { peerId, identity: { name: peerId } },
    built: {
      ...{ tally: { tallyId, createdBy: 'stock' }, database },
      draft: { text, sha256: sha256Hex(text) },
    },
    ...from.maybe({ receipt: { ...marks, ...signatures } }),
  }
}
