import type { AuditDraft } from '../../audit/record/record.ts'
import { pauseAfter } from '../host/back-off.ts'
import { callHookInBackground } from '../host/call-hook-in-background.ts'
import type { OwedNotice, UseNotice } from '../ports/notices.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Work } from '../ports/work.ts'
import { written } from '../ports/written.ts'
import type { TokenHookPorts } from './tell-host-use-released.ts'

export interface UseNoticePorts extends TokenHookPorts {
  readonly store: SessionStore
  /** The store failed where no session waits for it: none of them is over because of that. */
  storeFailed(error: unknown): void
}

/** Notices sent at once. */
const BATCH = 50

/** The time beyond `provisionTimeoutMs` at which a notice falls due, ms: a call under way has been given up by then. */
const MARGIN_MS = 1_000

/** The notice to store with a commit: the token hook has yet to be told of this use. None for a hook that need not be told. */
export function noticeOf(
  { hooks, clock, config }: TokenHookPorts,
  notice: UseNotice,
): { readonly notice: UseNotice; readonly dueAt: number } | undefined {
  if (hooks.token.mustBeTold === false) return undefined
  return { notice, dueAt: clock.now() + config.provisionTimeoutMs + MARGIN_MS }
}

/** Tells the token hook of a use, unless it is known to have heard. */
export function tellOwed(ports: UseNoticePorts, redemptionId: string): void {
  const told = ports.store.lookups.notices
    .find(redemptionId)
    .then((owed) => owed && tell(ports, owed), ports.storeFailed)
  ports.track(told)
}

/**
 * Sends the notices that are due: a process died before it could, or the host was away. Each failure is stored, and
 * retried later, for ever.
 * @returns resolves when each of them has been tried once
 */
export async function settleNotices(ports: UseNoticePorts): Promise<void> {
  try {
    const due = await ports.store.lookups.notices.due(ports.clock.now(), BATCH)
    await Promise.all(due.map((each) => tell(ports, each)))
  } catch (error) {
    ports.storeFailed(error)
  }
}

/** Hooks that need not be told would take a notice and do nothing: it is owed to others, which were set before. */
const NOT_FOR_THESE = 'the hooks that it is owed to are not set now'

async function tell(ports: UseNoticePorts, owed: OwedNotice): Promise<void> {
  const { redemptionId } = owed
  const { hooks, store } = ports
  const problem = hooks.token.mustBeTold === false ? NOT_FOR_THESE : await problemOf(ports, owed)
  try {
    const isTold = problem === undefined
    await written(
      store,
      isTold ? [{ op: 'settleNotice', redemptionId }] : failed(ports, owed, problem),
    )
  } catch (error) {
    ports.storeFailed(error)
  }
}

/** Tells the hook. @returns why it could not be told */
function problemOf(ports: UseNoticePorts, owed: OwedNotice): Promise<string | undefined> {
  const { tokenId, redemptionId, sessionId, fence, peerId } = owed
  const { hooks, clock, config } = ports
  const deadline = clock.now() + config.provisionTimeoutMs
  return callHookInBackground(ports, 'token.markUsed', (signal) =>
    hooks.token.markUsed(tokenId, sessionId, {
      signal,
      sessionId,
      redemptionId,
      fence,
      deadline,
      peerId,
    }),
  )
}

function failed(
  { clock }: Pick<UseNoticePorts, 'clock'>,
  { redemptionId, tokenId, sessionId, peerId, tries }: OwedNotice,
  error: string,
): Work {
  const at = clock.now()
  const draft: AuditDraft = {
    type: 'token',
    severity: 'warning',
    at,
    monotonic: clock.monotonic(),
    sessionId,
    redemptionId,
    tokenId,
    peerId,
    data: { event: 'host not told', tries: tries + 1 },
  }
  return [
    { op: 'failNotice', redemptionId, error, nextAt: at + pauseAfter(tries) },
    { op: 'appendAudit', draft },
  ]
}
