import {
  type IssuedToken,
  invitationsStartingWith,
} from '../../service/invitations/stored-invitations.ts'
import type { Context } from '../context.ts'
import { resolveId } from '../input/resolve-id.ts'

type Store = Awaited<ReturnType<Context['store']>>

/**
 * Finds an invitation by the beginning of its id.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError
 */
export function findToken(store: Store, id: string): Promise<IssuedToken> {
  return resolveId(id, {
    what: 'invitation',
    startingWith: (prefix) => invitationsStartingWith(store, prefix),
    idOf: (token) => token.id,
  })
}
