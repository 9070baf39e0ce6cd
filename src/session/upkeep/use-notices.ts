import { pauseAfter } from '../host/back-off.ts'
import { callHookInBackground } from '../host/call-hook-in-background.ts'
import type { OwedNotice, UseNotice } from '../ports/notices.ts'
import { readStore } from '../ports/read-store.ts'
import type { SessionStore, StoreTransaction } from '../ports/store.ts'
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

/** Stores, with the commit, that the token hook has yet to be told of this use; not for a hook that need not be told. */
export function oweNotice(
  { hooks, clock, config }: TokenHookPorts,
  transaction: StoreTransaction,
  notice: UseNotice,
): void {
  if (hooks.token.mustBeTold === false) return
  const now = clock.now()
  transaction.notices.owe(notice, now, now + config.provisionTimeoutMs + MARGIN_MS)
}

/** Tells the token hook of a use, unless it is known to have heard. */
export function tellOwed(ports: UseNoticePorts, redemptionId: string): void {
  const owed = readStore(ports.store, ({ notices }) => notices.find(redemptionId))
  if (owed !== undefined) ports.track(tell(ports, owed))
}

/**
 * Sends the notices that are due: a process died before it could, or the host was away. Each failure is stored, and
 * retried later, for ever.
 * @returns resolves when each of them has been tried once
 */
export async function settleNotices(ports: UseNoticePorts): Promise<void> {
  try {
    const now = ports.clock.now()
    const due = readStore(ports.store, ({ notices }) => notices.due(now, BATCH))
    await Promise.all(due.map((each) => tell(ports, each)))
  } catch (error) {
    ports.storeFailed(error)
  }
}

async function tell(ports: UseNoticePorts, owed: OwedNotice): Promise<void> {
  const { tokenId, redemptionId, ...who } = owed
  const { sessionId, fence, peerId } = who
  const { hooks, clock, config, store } = ports
  const deadline = clock.now() + config.provisionTimeoutMs
  const problem = await callHookInBackground(ports, 'token.markUsed', (signal) =>
    hooks.token.markUsed(tokenId, sessionId, {
      signal,
      sessionId,
      redemptionId,
      fence,
      deadline,
      peerId,
    }),
  )
  try {
    await store.transact((transaction) => {
      if (problem === undefined) transaction.notices.settle(redemptionId)
      else failed(ports, transaction, owed, problem)
    }).durable
  } catch (error) {
    ports.storeFailed(error)
  }
}

function failed(
  { clock }: Pick<UseNoticePorts, 'clock'>,
  transaction: StoreTransaction,
  { redemptionId, tokenId, sessionId, peerId, tries }: OwedNotice,
  detail: string,
): void {
  const at = clock.now()
  transaction.notices.fail(redemptionId, detail, at + pauseAfter(tries))
  transaction.appendAudit({
    type: 'token',
    severity: 'warning',
    at,
    monotonic: clock.monotonic(),
    sessionId,
    redemptionId,
    tokenId,
    peerId,
    data: { event: 'host not told', tries: tries + 1 },
  })
}
