import { knownPeers, knownTokens } from '../../service/sessions/known-ids.ts'
import type { Context } from '../context.ts'
import { narrowId } from './resolve-id.ts'

type OpenStore = Awaited<ReturnType<Context['store']>>

/** The id of the peer that is meant by a part of it, if any was typed. @throws what `narrowId` throws; StoreError */
export async function narrowPeerId(
  store: OpenStore,
  typed: string | undefined,
): Promise<string | undefined> {
  if (typed === undefined) return undefined
  return await narrowId(typed, 'peer', (part) => knownPeers(store, part))
}

/** The id of the invitation that is meant by a part of it, if any was typed. @throws as `narrowPeerId` */
export async function narrowTokenId(
  store: OpenStore,
  typed: string | undefined,
): Promise<string | undefined> {
  if (typed === undefined) return undefined
  return await narrowId(typed, 'invitation', (part) => knownTokens(store, part))
}
