import type { SessionHooks } from '../../src/hooks/session-hooks.ts'
import { WAYS } from '../../test/faults/hook-failures.ts'

/** One session in so many meets a hook that goes wrong. */
const UNLUCKY = 10

const HOOKS = ['token', 'identity', 'database', 'audit'] as const

type HookName = (typeof HOOKS)[number]

/**
 * Counts the sessions that end badly if so many come. An audit hook that goes wrong changes nothing for the session.
 * @param sessions the first of them is number 0
 */
export function badEnds(sessions: number): number {
  const all = Array.from({ length: sessions }, (_, nth) => hookFor(nth))
  return all.filter((hook) => hook !== undefined && hook !== 'audit').length
}

function hookFor(nth: number): HookName | undefined {
  return nth % UNLUCKY === UNLUCKY - 1 ? HOOKS[Math.floor(nth / UNLUCKY) % HOOKS.length] : undefined
}

/** Makes the hooks go wrong for one session in ten: each hook in each way, in turn. */
export function failing(own: SessionHooks): SessionHooks {
  /** By session, in the order in which they asked for their token. */
  const numbers = new Map<string, number>()
  const or = <Answer>(hook: HookName, sessionId: string, right: () => Answer): Answer => {
    const nth = numbers.get(sessionId)
    if (nth === undefined || hookFor(nth) !== hook) return right()
    const way = WAYS[Math.floor(nth / (UNLUCKY * HOOKS.length)) % WAYS.length]
    // The answer of a host's hook may be anything: that is tried here.
    return way?.() as Answer
  }
  return {
    token: {
      ...own.token,
      validate: (token, context) => {
        if (!numbers.has(context.sessionId)) numbers.set(context.sessionId, numbers.size)
        return or('token', context.sessionId, () => own.token.validate(token, context))
      },
      markUsed: (...all) => own.token.markUsed(...all),
    },
    identity: {
      validate: (bundle, required, context) =>
        or('identity', context.sessionId, () => own.identity.validate(bundle, required, context)),
    },
    database: {
      ...own.database,
      provision: (role, inviter, invitee, sessionId, context) =>
        or('database', sessionId, () =>
          own.database.provision(role, inviter, invitee, sessionId, context),
        ),
    },
    audit: {
      logSession: (sessionId, event) =>
        or('audit', sessionId, () => own.audit.logSession(sessionId, event)),
    },
  }
}
