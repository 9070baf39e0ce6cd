import { setTimeout as sleep } from 'node:timers/promises'

/** A place that text goes to, and that never makes its writer wait. */
export interface Outlet {
  /** Characters or bytes that its reader has not taken yet. */
  readonly waiting: number
  write(text: string): void
}

/** How often it is looked whether a reader has taken everything, ms. */
const LOOK_MS = 20
/** A reader that takes nothing for so long at the end is not waited for any longer, ms. */
const STALLED_MS = 1_000
/** Nor is one that is only slow, after this, ms: a megabyte through a slow line. */
const LAST_WORDS_MS = 10_000

/** Lets readers take what waits for them, in bounded time. For the end: what they don't take then is lost. */
export async function settled(outlets: readonly Outlet[]): Promise<void> {
  const end = performance.now() + LAST_WORDS_MS
  let least = Number.POSITIVE_INFINITY
  let movedAt = performance.now()
  for (;;) {
    const waiting = outlets.reduce((sum, outlet) => sum + outlet.waiting, 0)
    const now = performance.now()
    if (waiting < least) {
      least = waiting
      movedAt = now
    }
    if (waiting === 0 || now > end || now - movedAt > STALLED_MS) return
    await sleep(LOOK_MS)
  }
}
