import { publicKeyOfPeerId } from '../../protocol/base/peer-id-text.ts'
import { PeerIdError } from '../../protocol/errors.ts'

/** True for a whole peer id, `12D3KooW…`. */
export function isPeerId(text: string): boolean {
  try {
    publicKeyOfPeerId(text)
    return true
  } catch (error) {
    if (error instanceof PeerIdError) return false
    throw error
  }
}
