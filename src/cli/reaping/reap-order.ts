import {
  MIN_OFFER_AGE_MS,
  REAP_POLICIES,
  type ReapOrder,
  type ReapPolicy,
} from '../../service/reaping/reap-order.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { UsageError } from '../errors/errors.ts'
import { formatDuration, parseDuration } from '../text/duration.ts'

/** The flags of `reap`, as they were typed. */
export interface ReapFlags {
  readonly policy?: readonly string[] | undefined
  readonly side?: string | undefined
  readonly peer?: string | undefined
  readonly token?: string | undefined
  readonly state?: string | undefined
  readonly 'older-than'?: string | undefined
  readonly reason?: string | undefined
  readonly 'dry-run': boolean
}

/** Characters of a reason: a sentence. */
const MAX_REASON = 200

/**
 * Makes an order of the flags. Nothing is reaped that was not named: without a policy, all are only looked at.
 * @throws UsageError
 */
export function parseOrder(flags: ReapFlags): ReapOrder {
  const named = [...new Set((flags.policy ?? []).flatMap(policiesOf))]
  const policies = named.length === 0 ? REAP_POLICIES : named
  const olderThanMs = ageOf(flags['older-than'])
  if (named.includes('offered') && olderThanMs !== undefined && olderThanMs < MIN_OFFER_AGE_MS) {
    const least = formatDuration(MIN_OFFER_AGE_MS)
    throw new UsageError(`--older-than: at least ${least} for offers: they may be on their way`)
  }
  if ((flags.reason ?? '').length > MAX_REASON) {
    throw new UsageError(`--reason: at most ${MAX_REASON} characters`)
  }
  return {
    policies: olderThanMs === undefined ? policies : policies.filter(isLookable(olderThanMs)),
    filter: {
      side: sideOf(flags.side),
      peerId: flags.peer?.trim(),
      tokenId: flags.token?.trim().toLowerCase(),
      state: flags.state?.trim().replaceAll(/[\s-]+/g, '_'),
    },
    olderThanMs,
    dryRun: flags['dry-run'] || named.length === 0,
    reason: flags.reason,
    operator: currentOperator(),
  }
}

/** Looked at without a name, offers that may be on their way are left out. */
function isLookable(olderThanMs: number): (policy: ReapPolicy) => boolean {
  return (policy) => policy !== 'offered' || olderThanMs >= MIN_OFFER_AGE_MS
}

/** The word for every policy at once. */
const ALL = 'all'

/** True if everything is to be reaped, which nobody should say by the way. */
export function reapsAll({ policy = [], 'dry-run': dryRun }: ReapFlags): boolean {
  return !dryRun && policy.some((text) => text.trim().toLowerCase() === ALL)
}

function policiesOf(text: string): readonly ReapPolicy[] {
  return text.trim().toLowerCase() === ALL ? REAP_POLICIES : [policyOf(text)]
}

function policyOf(text: string): ReapPolicy {
  const policy = REAP_POLICIES.find((each) => each === text.trim().toLowerCase())
  if (policy === undefined)
    throw new UsageError(`--policy: one of ${REAP_POLICIES.join(', ')}, or ${ALL}`)
  return policy
}

function ageOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text, { of: '--older-than' })
}

function sideOf(text: string | undefined): 'listener' | 'dialer' | undefined {
  if (text === undefined || text === 'listener' || text === 'dialer') return text
  throw new UsageError('--side: listener (you invited) or dialer (you were invited)')
}
