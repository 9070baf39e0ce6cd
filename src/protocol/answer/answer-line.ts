import type { StreamBounds } from '../frame/frame-limits.ts'

/** A line carries one short word, and that from the inviter only. */
export const ANSWER_LINE_BOUNDS: StreamBounds = { frames: 1, bytes: 64 }

/** The word: the inviter has nothing (more) to decide about this peer. What it says is heard by a contact. */
export const COME_NOW: Uint8Array = new TextEncoder().encode('{"type":"ComeNow"}')

/** True of the word, whatever may be added to it later. */
export function isComeNow(payload: Uint8Array): boolean {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof said === 'object' && said !== null && 'type' in said && said.type === 'ComeNow'
  } catch {
    return false
  }
}
