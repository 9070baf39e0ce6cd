import type { Context } from '../context.ts'
import { resolveId } from '../input/resolve-id.ts'

type Store = Awaited<ReturnType<Context['store']>>
type IssuedToken = ReturnType<Store['repositories']['tokens']['startingWith']>[number]

/**
 * Finds an invitation by the beginning of its id.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError
 */
export function findToken(store: Store, id: string): Promise<IssuedToken> {
  return resolveId(id, {
    what: 'invitation',
    startingWith: async (prefix) => store.read(({ tokens }) => tokens.startingWith(prefix)),
    idOf: (token) => token.id,
  })
}
