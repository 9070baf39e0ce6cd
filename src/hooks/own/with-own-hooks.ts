import { compact } from '../../protocol/base/compact.ts'
import type { DatabaseHook, SessionHooks, TokenHook } from '../session-hooks.ts'
import { hookNames } from './check-own-hooks.ts'
import { HookTwiceError } from './errors.ts'
import type { OwnHooks } from './hook-module.ts'

/** Puts a host's own hooks in the place of the usual ones, but for the databases: who has built one sees to it. */
export function withOwnHooks(
  { token, identity, audit }: SessionHooks,
  own: OwnHooks,
): Omit<SessionHooks, 'database'> {
  return {
    token: own.token === undefined ? token : tokensOf(token, own.token),
    identity: own.identity ?? identity,
    audit: own.audit ?? audit,
  }
}

/** Whether a use must be told is for who is told to say. */
function tokensOf(usual: TokenHook, { mustBeTold, ...own }: Partial<TokenHook>): TokenHook {
  const isTold = own.markUsed === undefined ? usual.mustBeTold : mustBeTold
  return {
    validate: (...all) => usual.validate(...all),
    markUsed: (...all) => usual.markUsed(...all),
    ...own,
    ...compact({ mustBeTold: isTold }),
  }
}

/** Copies hooks into plain objects: each function stays bound to the object that it came with, which may be of a class. */
export function plainHooks(own: OwnHooks): OwnHooks {
  const { token, identity, database, audit } = own
  return {
    ...compact({
      token: token && compact(tokenMembers(token)),
      identity: identity && { validate: identity.validate.bind(identity) },
      database: database && compact(databaseMembers(database)),
      audit: audit && { logSession: audit.logSession.bind(audit) },
    }),
    close: async () => await own.close?.(),
  }
}

function tokenMembers(token: Partial<TokenHook>) {
  return {
    validate: token.validate?.bind(token),
    reserve: token.reserve?.bind(token),
    markUsed: token.markUsed?.bind(token),
    release: token.release?.bind(token),
    mustBeTold: token.mustBeTold,
  }
}

function databaseMembers(database: Partial<DatabaseHook>) {
  return {
    provision: database.provision?.bind(database),
    deprovision: database.deprovision?.bind(database),
    status: database.status?.bind(database),
    verify: database.verify?.bind(database),
    leavesNoTrace: database.leavesNoTrace,
  }
}

/** Lays two sets of plain hooks together. @throws HookTwiceError for one that both have */
export function bothOwnHooks(one: OwnHooks, other: OwnHooks): OwnHooks {
  const names = hookNames(one)
  const twice = hookNames(other).find((name) => names.includes(name))
  if (twice !== undefined) throw new HookTwiceError(twice)
  return {
    ...one,
    ...other,
    ...compact({
      token: one.token && other.token && { ...one.token, ...other.token },
      database: one.database && other.database && { ...one.database, ...other.database },
    }),
    close: async () => {
      await Promise.allSettled([one.close?.(), other.close?.()])
    },
  }
}
