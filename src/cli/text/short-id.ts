/** Characters of an id that are shown on a terminal, and are enough to name it. */
const SHOWN = 8

/** The beginning of one of our ids, where the line is narrow. */
export function shortId(id: string, isNarrow: boolean): string {
  return isNarrow ? id.slice(0, SHOWN) : id
}

/** The end of a peer id: all of them begin alike. Commands that look for a peer take it as well. */
export function shortPeer(peerId: string, isNarrow: boolean): string {
  return isNarrow ? peerId.slice(-SHOWN) : peerId
}
