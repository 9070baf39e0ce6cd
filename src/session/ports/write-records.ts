import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import { databaseDigest } from '../../protocol/receipt/database-digest.ts'
import { REQUEST_RECORDERS, releasedRecord } from './uses/request-records.ts'
import type { Answer, AnswerTo, Conditionally, Write, WriteFacts } from './write.ts'

type WriteOf<Op extends Write['op']> = Extract<Write, { readonly op: Op }>
type Recorder<Op extends Write['op']> = (
  write: WriteOf<Op>,
  answer: Op extends keyof AnswerTo ? AnswerTo[Op] : undefined,
) => readonly AuditDraft[]

/** The records of those writes that have any, beside `appendAudit`. */
const RECORDERS: { readonly [Op in Write['op']]?: Recorder<Op> } = {
  keepCheckpoint: (_write, { record }) => (record === undefined ? NONE : [record]),
  reserve: ({ request, facts }, outcome) => {
    const { tokenId } = request.grant
    if (outcome.kind === 'reserved') {
      const { redemptionId, fence, use } = outcome.claim
      return [token(facts, { tokenId, redemptionId }, 'info', { event: 'reserved', fence, use })]
    }
    // A peer that sends other content under an id of its own is refused, and shows nobody else's secret.
    const isReuse = outcome.kind === 'refused' && outcome.code === 'used'
    return isReuse ? [reuse(facts, tokenId, outcome.code)] : []
  },
  resume: ({ tokenId, denied, facts }, { outcome }) =>
    outcome === undefined && denied === 'used' ? [reuse(facts, tokenId, denied)] : [],
  ...REQUEST_RECORDERS,
  delegate: ({ claim, tokenId, reservedUntil: until, facts }) => {
    const { redemptionId, fence } = claim
    return [token(facts, { tokenId, redemptionId }, 'info', { event: 'delegated', fence, until })]
  },
  commit: ({ claim, grant, tally, isSigned, facts }, { isLast }) => {
    const { redemptionId, fence, use } = claim
    const { tokenId, usesAllowed } = grant
    const { database, draft, tally: made } = tally.built
    const about = { tokenId, redemptionId }
    const data = compact({
      event: 'committed',
      fence,
      use,
      tallyId: made.tallyId,
      createdBy: made.createdBy,
      engine: database.engine,
      database: databaseDigest(database),
      draft: draft.sha256,
      signed: isSigned,
    })
    const committed = token(facts, about, 'info', data)
    if (!isLast) return [committed]
    return [committed, token(facts, about, 'info', { event: 'consumed', fence, uses: usesAllowed })]
  },
  confirm: ({ redemptionId, signature, facts }, answer) => {
    if (!answer.isKnown || !answer.isNews) return []
    const { tokenId, tallyId } = answer
    const data = { event: 'confirmed', tallyId, signed: signature !== undefined }
    return [token(facts, { tokenId, redemptionId }, 'info', data)]
  },
  release: ({ claim, tokenId, reason, record: own, facts }, { isReleased }) => {
    if (!isReleased) return []
    const { redemptionId, fence } = claim
    // A session's own is no news; nobody was there to tell of one that lapsed.
    const severity = reason === LAPSED_REASON ? 'notice' : 'info'
    const about = { tokenId, redemptionId }
    const released = token(facts, about, severity, { event: 'released', fence, reason })
    return own === undefined ? [released] : [released, own]
  },
  decline: ({ tokenId, facts }, { ended }) => [
    ...ended.flatMap((each) => releasedRecord(each, 'declined', facts)),
    token(facts, { tokenId }, 'notice', { event: 'declined' }),
  ],
  noteLostUse: ({ lost, facts }, { isNews, isStopped }) => {
    const { redemptionId, tokenId, tallyId } = lost
    const about = { tokenId, redemptionId }
    const alarm = { ...record(facts, about, { event: 'token.lost_use', tallyId }), ...ALARM }
    const stopped = token(facts, about, 'warning', { event: 'revoked', cause: 'lost_use' })
    return [...(isNews ? [alarm] : []), ...(isStopped ? [stopped] : [])]
  },
  keepTally: ({ attemptId: redemptionId, tokenId, tally, facts }, { kept }) => {
    // A repeated answer changes nothing: the audit names what is kept, and not what was said.
    const data = {
      event: tally.status === 'held' ? 'held' : 'stored',
      tallyId: kept.tallyId,
      engine: kept.built.database.engine,
      database: databaseDigest(kept.built.database),
      draft: kept.built.draft.sha256,
      signed: kept.receipt?.inviterSignature !== undefined,
    }
    const about = record(facts, { tokenId, redemptionId }, data)
    return [{ ...about, type: 'database', severity: 'info' }]
  },
  noteWithdrawn: ({ attemptId: redemptionId, tokenId, facts }, { tallyId }) => {
    if (tallyId === undefined) return []
    const about = record(facts, { tokenId, redemptionId }, { event: 'withdrawn', tallyId })
    return [{ ...about, type: 'database', severity: 'warning' }]
  },
  claimRemoval: ({ left }, { result }) => (result === 'left' ? [left] : NONE),
  finishRemoval: conditional,
  failRemoval: conditional,
  withdrawOffer: conditional,
  forgetToken: conditional,
  removeAttempt: conditional,
  freeLease: conditional,
  removeDocument: conditional,
  noteExpiries: ({ now: at, monotonic }, { expired = [] }) =>
    expired.map(({ tokenId, ...data }) => ({
      type: 'token',
      severity: 'info',
      at,
      monotonic,
      tokenId,
      data: { event: 'expired', ...data },
    })),
}

function conditional(
  { record: own }: { readonly record?: AuditDraft },
  { isDone }: Conditionally,
): readonly AuditDraft[] {
  return isDone && own !== undefined ? [own] : NONE
}

/** The reason of a release whose reservation was past its deadline. */
export const LAPSED_REASON = 'lapsed'

const ALARM = { type: 'security', severity: 'alarm' } as const

/**
 * Returns the audit records that an engine appends with a write that it applied, right after it; those of a whole piece
 * of work stand in the order of its writes.
 */
export function recordsOf(write: Write, answer: Answer): readonly AuditDraft[] {
  if (write.op === 'appendAudit') return [write.draft]
  // The table's type pairs each write with a recorder of just that one, and with the answer to it.
  const recorder = RECORDERS[write.op] as Recorder<'decline'> | undefined
  return recorder?.(write as never, answer as never) ?? NONE
}

const NONE: readonly AuditDraft[] = []

/** The alarm about a secret whose use belongs to somebody else. */
export function reuse(facts: WriteFacts, tokenId: string, code: string): AuditDraft {
  return { ...record(facts, { tokenId }, { event: 'token.reuse', code }), ...ALARM }
}

type About = Pick<AuditDraft, 'tokenId' | 'redemptionId'>

function token(
  facts: WriteFacts,
  about: About,
  severity: AuditDraft['severity'],
  data: AuditDraft['data'],
): AuditDraft {
  return { type: 'token', severity, ...record(facts, about, data) }
}

function record(
  { sessionId, peerId, at, monotonic }: WriteFacts,
  about: About,
  data: AuditDraft['data'],
): Omit<AuditDraft, 'type' | 'severity'> {
  return { at, monotonic, sessionId, peerId, ...about, data }
}
