/** One message of an exchange: who sends it, and how many bytes its payload has. */
export interface BareFrame {
  readonly from: 'invitee' | 'inviter'
  readonly bytes: number
}

/** The messages of one bootstrap, about: contact, result with the draft, acknowledgment. */
export const DEFAULT_FRAMES = 'out:334,in:1545,out:153'

/**
 * Reads a list of messages as the invitee sees them.
 * @param text for example `out:420,in:1500`
 * @throws RangeError if it is no such list
 */
export function parseFrames(text: string): BareFrame[] {
  return text.split(',').map((part) => {
    const [, direction, digits] = /^(in|out):(\d{1,5})$/.exec(part) ?? []
    const bytes = Number(digits)
    if (!(bytes >= 1 && bytes <= 65_536)) throw new RangeError(`no list of messages: ${text}`)
    return { from: direction === 'out' ? 'invitee' : 'inviter', bytes }
  })
}

/** The text that `parseFrames` reads. */
export function formatFrames(frames: readonly BareFrame[]): string {
  return frames.map(({ from, bytes }) => `${from === 'invitee' ? 'out' : 'in'}:${bytes}`).join(',')
}

/** Bytes on the stream: the payload and the length before it, one varint. */
export function wireBytes({ bytes }: BareFrame): number {
  if (bytes < 0x80) return bytes + 1
  return bytes < 0x4000 ? bytes + 2 : bytes + 3
}
