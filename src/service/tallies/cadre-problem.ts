import { MAX_CADRE, MAX_CADRE_ADDRESS } from '../../protocol/message/message-limits.ts'

/** Says what is wrong with a stored cadre; undefined if nothing is. */
export function cadreProblem(stored: unknown): string | undefined {
  const isSound =
    Array.isArray(stored) && stored.length <= MAX_CADRE && stored.every(mayBeInMessage)
  return isSound ? undefined : `cadre takes up to ${MAX_CADRE} multiaddrs`
}

function mayBeInMessage(address: unknown): boolean {
  return (
    typeof address === 'string' &&
    address.length <= MAX_CADRE_ADDRESS &&
    /^\/[\x21-\x7e]+$/.test(address)
  )
}
