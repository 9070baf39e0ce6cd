import type { HookRefusal } from '../../hooks/session-hooks.ts'
import type { Denial } from '../machine/listener-event.ts'

/** What the peer is told when a hook says no without words. */
const REASONS: Partial<Record<Denial['code'], string>> = {
  invalid_token: 'this invitation is not known here',
  expired: 'this invitation has expired',
  revoked: 'this invitation was withdrawn',
  used: 'this invitation is used up',
}

export function denialOf(refusal: HookRefusal): Denial {
  const { refused: code, reason, fields } = refusal
  return {
    code,
    reason: reason ?? REASONS[code] ?? 'the inviter refused',
    ...(fields === undefined ? {} : { fields }),
  }
}

/** Whoever shows the right secret may know what became of the token; a stranger may not. */
export function isRecognised(denial: Denial): boolean {
  return denial.code !== 'invalid_token'
}
