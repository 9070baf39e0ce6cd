import { isPeerId } from '../../service/peers/is-peer-id.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { narrowPeerId } from '../input/known-id.ts'

/**
 * The peer that was typed: a part is enough of one that is known here, one that never came is named in full.
 * @throws UsageError; CommandFailure `ambiguous_id`; StoreError
 */
export async function peerMeant(context: Context, typed: string): Promise<string> {
  const peerId = (await narrowPeerId(await context.store(), typed)) ?? ''
  if (isPeerId(peerId)) return peerId
  throw new UsageError('that is no peer id that is known here: name all of it, 12D3KooW…')
}
