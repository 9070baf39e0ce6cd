import type { MemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'

export type HookName =
  | 'token.validate'
  | 'token.reserve'
  | 'token.markUsed'
  | 'token.release'
  | 'identity.validate'
  | 'database.provision'
  | 'database.verify'
  | 'database.deprovision'
  | 'audit.logSession'

export type Stub = (...args: readonly unknown[]) => unknown

/** Alice's hooks with one of them replaced, by anything that a host may have written. */
export function withStub(name: HookName, stub: Stub) {
  return (own: MemoryHooks): SessionHooks => {
    const { token, identity, database, audit } = own
    const hooks: Record<string, Record<string, unknown>> = {
      token: {
        validate: token.validate.bind(token),
        markUsed: token.markUsed.bind(token),
      },
      identity: { validate: identity.validate.bind(identity) },
      database: {
        provision: database.provision.bind(database),
        deprovision: (...all: Parameters<typeof database.deprovision>) =>
          database.deprovision(...all),
        verify: database.verify.bind(database),
      },
      audit: { logSession: audit.logSession.bind(audit) },
    }
    const [room = '', method = ''] = name.split('.')
    hooks[room] = { ...hooks[room], [method]: stub }
    return hooks as unknown as SessionHooks
  }
}

/** Ways to fail. */
export const BAD: Readonly<Record<string, Stub>> = {
  'throws at once': () => {
    throw new Error('broken')
  },
  'throws something that is no error': () => {
    // biome-ignore lint/style/useThrowOnlyError: a host may do so
    throw undefined
  },
  'throws an error that can not be read': () => {
    throw Object.create(Error.prototype, { message: { get: () => hostile() } })
  },
  rejects: () => Promise.reject(new Error('broken')),
  'rejects with something that is no error': () => Promise.reject('broken'),
  'rejects with nothing': () => Promise.reject(undefined),
}

/** Answers that no schema knows. */
export const RUBBISH: Readonly<Record<string, Stub>> = {
  undefined: () => undefined,
  null: async () => null,
  'a number': async () => 42,
  'an empty object': async () => ({}),
  'an object that throws when read': async () =>
    new Proxy({}, { get: (_target, key) => (key === 'then' ? undefined : hostile()) }),
  'a refusal with a code that is none': async () => ({ refused: 'because' }),
  'an endless text': async () => ({ refused: 'used', reason: 'x'.repeat(100_000) }),
}

export function hostile(): never {
  throw new Error('do not look')
}
