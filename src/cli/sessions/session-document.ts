import type { ListedSession } from '../../service/sessions/session-history.ts'
import { isoTime, isoTimeOrNull } from '../text/time-text.ts'

/** A session as `--json` tells it. `null`: not known, or not so far. */
export interface SessionDocument {
  readonly id: string
  readonly side: ListedSession['side']
  readonly state: string
  readonly reason: string | null
  readonly step: string | null
  readonly peerId: string
  /** The name that the peer disclosed; `null` without a tally. */
  readonly peerName: string | null
  /** The inviter's. */
  readonly role: ListedSession['role'] | null
  readonly tokenId: string | null
  readonly tallyId: string | null
  /** The tally's status by now; `null` also if it was given up. */
  readonly tallyStatus: 'offered' | 'held' | 'confirmed' | 'withdrawn' | null
  /** The protocol that the peer spoke. */
  readonly protocol: '1.0.0' | '2.0.0'
  /** You were invited, and the inviter has yet to say yes or no: until then your place is kept. `null`: it is not waited for. */
  readonly pendingUntil: string | null
  readonly startedAt: string
  readonly endedAt: string | null
  readonly durationMs: number | null
}

export function sessionDocument(session: Omit<ListedSession, 'seq'>): SessionDocument {
  return {
    id: session.id,
    side: session.side,
    state: session.state,
    reason: session.reason ?? null,
    step: session.step ?? null,
    peerId: session.peerId,
    peerName: session.peerName ?? null,
    role: session.role ?? null,
    tokenId: session.tokenId ?? null,
    tallyId: session.tallyId ?? null,
    tallyStatus: session.tallyStatus ?? null,
    protocol: session.protocol ?? '2.0.0',
    pendingUntil: isoTimeOrNull(session.awaitedUntil),
    startedAt: isoTime(session.startedAt),
    endedAt: isoTimeOrNull(session.endedAt),
    durationMs: session.durationMs ?? null,
  }
}
