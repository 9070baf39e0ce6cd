import { signCheckpoint } from '../../../../src/audit/checkpoint/checkpoint.ts'
import type { AuditDraft } from '../../../../src/audit/record/record.ts'
import { sha256 } from '../../../../src/protocol/base/digest.ts'
import type { TrailWrite } from '../../../../src/session/ports/write.ts'
import { signerOf } from '../../../support/audit/signer.ts'
import { ATTEMPTS, PEERS, type Pools, TOKENS } from './pools.ts'

type Kinds = { readonly [Op in TrailWrite['op']]: (from: Pools) => Extract<TrailWrite, { op: Op }> }

/** Parties that show checkpoints. */
export const SIGNERS = [signerOf(1), signerOf(2)]

export const TRAIL_KINDS: Kinds = {
  saveSession: saveFrom,
  appendLate: (from) => {
    const sessionId = from.session()
    return { op: 'appendLate', sessionId, entries: [from.entry(sessionId, from.pick([0, 0, 1]))] }
  },
  appendAudit: (from) => ({ op: 'appendAudit', draft: draftFrom(from) }),
  rememberTime: (from) => ({ op: 'rememberTime', at: from.now - from.random.below(30_000) }),
  keepCheckpoint: (from) => {
    const signer = from.pick(SIGNERS)
    const size = from.random.below(6) + 1
    const root = sha256(`${size} ${from.chance(0.9) ? 'as it is' : 'forked'}`)
    const note = signCheckpoint({ size, root }, from.chance(0.95) ? signer : from.pick(SIGNERS))
    const [peerId, sessionId] = [signer.peerId, from.session()]
    const checkpoint = { type: 'Checkpoint', note } as const
    const shown = { peerId, sessionId, checkpoint, announced: from.pick([[], [size + 1]]) }
    return { op: 'keepCheckpoint', shown: { ...shown, at: from.now, monotonic: 1 } }
  },
}

const STATES = ['READING_REQUEST', 'PROVISIONING_DB', 'PROVISIONING_DB', 'COMPLETED', 'FAILED']

function saveFrom(from: Pools): Extract<TrailWrite, { op: 'saveSession' }> {
  const [id, state] = [from.session(), from.pick(STATES)]
  const isOver = state === 'COMPLETED' || state === 'FAILED'
  const exchange = { framesIn: 1, framesOut: 2, bytesIn: 30, bytesOut: 40, digest: 'ab'.repeat(32) }
  const end = {
    endedAt: from.now,
    durationMs: 12.5,
    steps: [{ state: 'A', ms: 1.5 }],
    ...from.maybe({ exchange }),
  }
  return {
    op: 'saveSession',
    summary: {
      ...{ id, state, peerId: from.pick(PEERS), side: from.pick(['listener', 'dialer'] as const) },
      redemptionId: from.chance(0.5) ? from.known().claim.redemptionId : from.pick(ATTEMPTS),
      ...from.maybe({ retries: from.random.below(3) }),
      ...from.maybe({ role: 'foil', tokenId: from.pick(TOKENS), fence: 3 }),
      ...from.maybe({ remoteAddress: '/ip4/127.0.0.1', reason: 'r', step: 's', detail: 'd' }),
      startedAt: from.now,
      ...(isOver ? end : {}),
    },
    isNew: from.chance(0.7),
    entries: Array.from({ length: from.random.below(3) }, (_, n) => from.entry(id, n)),
  }
}

export function draftFrom(from: Pools): AuditDraft {
  const data = { event: 'some', n: from.random.below(100) }
  const about = { at: from.now, monotonic: 1, sessionId: from.session() }
  return { type: 'state', severity: 'info', ...about, data }
}
