import { expect, it } from 'vitest'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import type { Claim, Grant } from '../../../src/session/machine/listener-state.ts'
import type { LostUse, TallyRecord } from '../../../src/session/ports/tally.ts'
import type { PendingRequest } from '../../../src/session/ports/uses/pending-request.ts'
import type { Answer, Write } from '../../../src/session/ports/write.ts'
import { recordsOf } from '../../../src/session/ports/write-records.ts'

const facts = { sessionId: 'session', peerId: 'bob', at: 5, monotonic: 6 }
const grant: Grant = {
  tokenId: 'token',
  role: 'stock',
  expiresAt: 9,
  required: [],
  optional: [],
  usesAllowed: 1,
  terms: null,
}
const claim: Claim = {
  redemptionId: 'redemption',
  fence: 2,
  use: 1,
  tallyId: 'tally',
  approvedAt: 4,
}
const request = {
  redemptionId: 'redemption',
  sessionId: 'session',
  grant,
  inviter: 'alice',
  peerId: 'bob',
  bootstrapId: 'bootstrap',
  requestHash: 'hash',
  another: false,
  now: 5,
  reservedUntil: 8,
  running: new Set<string>(),
}
const tally: TallyRecord = {
  tallyId: 'tally',
  role: 'stock',
  partner: { peerId: 'bob', identity: {} },
  built: {
    tally: { tallyId: 'tally', createdBy: 'stock' },
    database: { engine: 'automerge', endpoint: 'automerge:x', credentialsRef: 'peer-id' },
    draft: { text: '{}', sha256: 'draft' },
  },
  status: 'offered',
  redemptionId: 'redemption',
  createdAt: 4,
}
const lost: LostUse = {
  lostBy: 'here',
  redemptionId: 'redemption',
  tokenId: 'token',
  peerId: 'bob',
  tallyId: 'tally',
  at: 5,
}
const own: AuditDraft = {
  type: 'token',
  severity: 'notice',
  at: 5,
  monotonic: 6,
  data: { event: 'own' },
}
const refused = (code: 'used' | 'mismatch' | 'busy') =>
  ({ kind: 'refused', code, reason: 'no' }) as const
const order = {
  tallyId: 'tally',
  redemptionId: 'redemption',
  fence: 2,
  sessionId: 'session',
  peerId: 'bob',
  reason: 'no',
}
const confirm = {
  op: 'confirm',
  redemptionId: 'redemption',
  responseHash: 'hash',
  now: 5,
  facts,
} as const
const confirmed = { isKnown: true, tallyId: 'tally', tokenId: 'token' } as const
const commit = { op: 'commit', claim, grant, tally, now: 5, facts } as const
const keepTally = {
  op: 'keepTally',
  attemptId: 'attempt',
  tally,
  mustOwn: false,
  tokenId: 'token',
  facts,
} as const
const withdrawn = { op: 'noteWithdrawn', attemptId: 'attempt', tokenId: 'token', now: 5, facts }
const release = {
  op: 'release',
  claim,
  tokenId: 'token',
  reason: 'refused',
  now: 5,
  facts,
} as const
const tidy = { tallyId: 'tally', record: own } as const
const resume = { op: 'resume', request, tokenId: 'token', denied: 'used', facts } as const
const noteLostUse = { op: 'noteLostUse', lost, now: 5, facts } as const

/** A write, the answer to it, and its records: severity, type and event of each. */
type Case = readonly [Write, Answer, ...(readonly string[])]

const asked: PendingRequest = {
  id: 'session',
  tokenId: 'token',
  peerId: 'peer',
  bootstrapId: 'b',
  requestHash: 'h',
  grantHash: 'g',
  another: false,
  redemptionId: 'r',
  identity: { name: 'Bob' },
  cadre: [],
  since: 5,
  until: 9,
}
const keep: Write = {
  op: 'keepRequest',
  request: { ...request, identity: { name: 'Bob' }, cadre: [], until: 9 },
  facts,
}

const CASES: readonly Case[] = [
  [{ op: 'appendAudit', draft: own }, undefined, 'notice token own'],
  [{ op: 'rememberTime', at: 5 }, undefined],
  [{ op: 'reserve', request, facts }, { kind: 'reserved', claim }, 'info token reserved'],
  [
    { op: 'reserve', request, facts },
    { kind: 'replayed', claim, tallyId: 'tally' },
  ],
  [{ op: 'reserve', request, facts }, refused('busy')],
  [{ op: 'reserve', request, facts }, refused('used'), 'alarm security token.reuse'],
  [{ op: 'reserve', request, facts }, refused('mismatch')],
  [resume, {}, 'alarm security token.reuse'],
  [resume, { outcome: refused('busy') }],
  [{ ...resume, denied: 'expired' }, {}],
  [{ op: 'approve', claim, facts }, undefined],
  [{ op: 'intendProvision', claim, now: 5, facts }, {}],
  [
    {
      op: 'delegate',
      claim,
      tokenId: 'token',
      response: new Uint8Array(),
      reservedUntil: 8,
      facts,
    },
    undefined,
    'info token delegated',
  ],
  [commit, { isLast: false }, 'info token committed'],
  [commit, { isLast: true }, 'info token committed', 'info token consumed'],
  [confirm, { ...confirmed, isNews: true }, 'info token confirmed'],
  [confirm, { ...confirmed, isNews: false }],
  [confirm, { isKnown: false, isWithdrawn: true }],
  [release, { isReleased: true }, 'info token released'],
  [{ ...release, reason: 'lapsed' }, { isReleased: true }, 'notice token released'],
  [release, { isReleased: false }],
  [{ ...release, record: own }, { isReleased: false }],
  [{ ...release, record: own }, { isReleased: true }, 'info token released', 'notice token own'],
  [{ op: 'decline', tokenId: 'token', now: 5, facts }, { ended: [] }, 'notice token declined'],
  [
    { op: 'decline', tokenId: 'token', now: 5, facts },
    { ended: [{ request: asked, claim }] },
    'info token released',
    'notice token declined',
  ],
  [keep, { kind: 'kept', request: asked }, 'notice token pending'],
  [
    keep,
    { kind: 'kept', request: asked, replaced: { request: asked, claim } },
    'info token released',
    'notice token unanswered',
    'notice token pending',
  ],
  [keep, { kind: 'refused', code: 'busy', reason: 'too many' }],
  [
    {
      op: 'approveRequest',
      id: 's',
      inviter: 'a',
      heldUntil: 9,
      now: 5,
      monotonic: 6,
      record: own,
    },
    { kind: 'approved', request: asked, claim },
    'notice token approved',
    'info token reserved',
    'notice token own',
  ],
  [
    { op: 'denyRequest', id: 's', running: new Set(), now: 5, monotonic: 6, record: own },
    { kind: 'denied', request: asked },
    'notice token denied',
    'notice token own',
  ],
  [
    { op: 'denyRequest', id: 's', running: new Set(), now: 5, monotonic: 6, record: own },
    { kind: 'none', why: 'gone' },
  ],
  [{ op: 'endRequest', id: 's', now: 5, monotonic: 6 }, {}],
  [
    { op: 'endRequest', id: 's', now: 5, monotonic: 6 },
    { ended: { request: asked, end: 'lapsed' } },
    'notice token unanswered',
  ],
  [noteLostUse, { isNews: false, isStopped: false }],
  [
    noteLostUse,
    { isNews: true, isStopped: true },
    'alarm security token.lost_use',
    'warning token revoked',
  ],
  [keepTally, { kept: tally }, 'info database stored'],
  [{ ...keepTally, tally: { ...tally, status: 'held' } }, { kept: tally }, 'info database held'],
  [{ ...withdrawn, op: 'noteWithdrawn' }, { tallyId: 'tally' }, 'warning database withdrawn'],
  [{ ...withdrawn, op: 'noteWithdrawn' }, {}],
  [{ op: 'oweRemoval', order, now: 5 }, {}],
  [{ op: 'finishRemoval', owner: 'me', ...tidy }, { isDone: true }, 'notice token own'],
  [{ op: 'finishRemoval', owner: 'me', ...tidy }, { isDone: false }],
  [{ op: 'removeDocument', tallyId: 'tally' }, { isDone: true }],
  [
    {
      op: 'claimRemoval',
      now: 1,
      tallyId: 'tally',
      claim: { owner: 'me', until: 9 },
      isPossible: false,
      left: own,
    },
    { result: 'left' },
    'notice token own',
  ],
  [
    { op: 'noteExpiries', now: 5, monotonic: 6, limit: 9 },
    { expired: [{ tokenId: 'token', uses: 1, used: 0, expiresAt: 4 }] },
    'info token expired',
  ],
  [{ op: 'noteExpiries', now: 5, monotonic: 6, limit: 9 }, {}],
]

it.each(CASES.map(([write, answer, ...expected]) => ({ write, answer, expected })))(
  '$write.op, answered by $answer, leaves the records $expected',
  ({ write, answer, expected }) => {
    const records = recordsOf(write, answer)
    const brief = records.map(({ severity, type, data }) => `${severity} ${type} ${data['event']}`)
    expect(brief).toEqual(expected)
    for (const each of records) expect(each).toMatchObject({ at: 5, monotonic: 6 })
  },
)
