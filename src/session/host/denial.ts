import type { HookRefusal } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Denial } from '../machine/listener-event.ts'
import { NOT_YET, PAUSED } from '../ports/uses/reservation.ts'

/** Words for the peer when a hook says no without any. */
const REASONS: Partial<Record<Denial['code'], string>> = {
  invalid_token: 'this invitation is not known here',
  expired: 'this invitation has expired',
  revoked: 'this invitation was withdrawn',
  paused: PAUSED.reason,
  pending: NOT_YET.reason,
  used: 'this invitation is used up',
}

const RETRIES: Partial<Record<Denial['code'], number>> = {
  paused: PAUSED.retryAfterMs,
  pending: NOT_YET.retryAfterMs,
}

export function denialOf(refusal: HookRefusal): Denial {
  const { refused: code, reason, fields } = refusal
  const retryAfterMs = RETRIES[code]
  const words = reason ?? REASONS[code] ?? 'the inviter refused'
  return compact({ code, reason: words, retryAfterMs, fields })
}

/** True if the peer has shown the right secret, and so may know what became of the token. */
export function isRecognised(denial: Denial): boolean {
  return denial.code !== 'invalid_token'
}
