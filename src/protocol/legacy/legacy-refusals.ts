import { compact } from '../base/compact.ts'
import type { Refusal, RefusalCode } from '../message/messages.ts'
import type { LegacyResponse } from './legacy-messages.ts'

// The three sentences that an older inviter says. On any other failure it says nothing.

const INVALID_TOKEN = 'Invalid token'
const INVALID_IDENTITY = 'Invalid identity'
const BUSY = 'Service temporarily unavailable - too many concurrent sessions'

/** After how many ms an older inviter that is busy is asked again: it does not say. */
const LEGACY_RETRY_MS = 5_000

const SENTENCES: Readonly<Partial<Record<RefusalCode, string>>> = {
  invalid_token: INVALID_TOKEN,
  expired: INVALID_TOKEN,
  revoked: INVALID_TOKEN,
  used: INVALID_TOKEN,
  withdrawn: INVALID_TOKEN,
  declined: INVALID_TOKEN,
  denied: INVALID_TOKEN,
  mismatch: INVALID_TOKEN,
  identity_required: INVALID_IDENTITY,
  identity_refused: INVALID_IDENTITY,
  busy: BUSY,
  rate_limited: BUSY,
  draining: BUSY,
  paused: BUSY,
  in_progress: BUSY,
  pending: BUSY,
}

const CODES: Readonly<Record<string, RefusalCode>> = {
  [INVALID_TOKEN]: 'invalid_token',
  [INVALID_IDENTITY]: 'identity_refused',
  [BUSY]: 'busy',
}

/** Puts a refusal into the words of the older protocol; undefined if it has none for it. */
export function legacyRefusal({ code }: Refusal): LegacyResponse | undefined {
  const reason = SENTENCES[code]
  return reason === undefined ? undefined : { approved: false, reason }
}

/** Reads an older inviter's "no". A sentence of its own is passed on, and means nothing to a program. */
export function refusalOfLegacy({ reason = '' }: LegacyResponse): Refusal {
  const code = Object.hasOwn(CODES, reason) ? (CODES[reason] ?? 'internal') : 'internal'
  return compact({
    type: 'ProvisioningResult' as const,
    approved: false as const,
    code,
    reason,
    retryAfterMs: code === 'busy' ? LEGACY_RETRY_MS : undefined,
  })
}
