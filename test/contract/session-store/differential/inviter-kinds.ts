import { sha256Hex } from '../../../../src/protocol/base/digest.ts'
import type { TallyRecord } from '../../../../src/session/ports/tally.ts'
import type { PendingRequest } from '../../../../src/session/ports/uses/pending-request.ts'
import type { ReserveRequest } from '../../../../src/session/ports/uses/reservation.ts'
import type { InviterWrite } from '../../../../src/session/ports/write.ts'
import { answerOf, PEERS, type Pools, TOKENS, TOKENS_BY_HAND } from './pools.ts'

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
  keepRequest: (from) => {
    const request = requestFrom(from, from.pick(TOKENS_BY_HAND))
    const id = from.newRequest()
    const own = {
      sessionId: id,
      redemptionId: `r of ${id}`,
      until: from.now + from.pick([0, 90_000]),
    }
    const shown = {
      identity: { name: request.peerId },
      cadre: [],
      ...from.maybe({ remoteAddress: '/ip4/192.0.2.1' }),
    }
    return { op: 'keepRequest', request: { ...request, ...own, ...shown }, facts: from.facts() }
  },
  approveRequest: (from) => {
    const heldUntil = from.now + from.pick([1_000, 90_000])
    return { op: 'approveRequest', id: idFrom(from), inviter: 'alice', heldUntil, ...timeOf(from) }
  },
  denyRequest: (from) => {
    const running = new Set(Array.from({ length: from.pick([0, 4]) }, () => from.session()))
    const reason = from.maybe({ reason: 'who are you?' })
    return { op: 'denyRequest', id: idFrom(from), ...reason, running, ...timeOf(from) }
  },
  endRequest: (from) => {
    const ifOutdated = from.maybe({ ifOutdated: true as const }, 0.3)
    return { op: 'endRequest', id: idFrom(from), ...ifOutdated, ...timeOf(from) }
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
    const asked = from.chance(0.3) ? from.request() : undefined
    const stop = from.maybe({ stop: from.grant(asked?.tokenId ?? tokenId) }, 0.3)
    return { op: 'noteLostUse', lost, ...stop, now: from.now, facts: from.facts() }
  },
}

function idFrom(from: Pools): string {
  return from.chance(0.05) ? 'none' : (from.request()?.id ?? 'none')
}

function timeOf(from: Pools) {
  const draft = {
    type: 'operator',
    severity: 'notice',
    at: from.now,
    monotonic: 1,
    data: {},
  } as const
  return { now: from.now, monotonic: 1, ...from.maybe({ record: draft }) }
}

function requestFrom(from: Pools, of: string = from.pick(TOKENS)): ReserveRequest {
  const asked = from.chance(0.35) ? from.request() : undefined
  const drawn = { peerId: from.pick(PEERS), tokenId: of }
  const { peerId, tokenId } = asked ?? (from.chance(0.4) ? from.known() : drawn)
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
    // Mostly the very request that was kept.
    ...(asked === undefined || from.chance(0.3) ? {} : sameAs(asked)),
    now: from.now,
    reservedUntil: from.now + from.pick([1_000, 60_000]),
    running: new Set(from.chance(0.3) ? running : []),
    ...(from.turn % 17 === 0 ? { isOfferOld: true } : {}),
    ...from.maybe({ unlessAnswered: PAUSED }, 0.05),
  }
}

function sameAs({ bootstrapId, requestHash, another }: PendingRequest) {
  return { bootstrapId, requestHash, another }
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
