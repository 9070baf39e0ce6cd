/** Makes an Error of anything that was thrown: libp2p also rejects with events and with nothing at all. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  if (typeof thrown === 'object' && thrown !== null && 'error' in thrown) {
    if (thrown.error instanceof Error) return thrown.error
  }
  if (thrown instanceof Event) return new Error(`event ${thrown.type}`, { cause: thrown })
  return new Error(String(thrown), { cause: thrown })
}
