import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import { written } from '../ports/written.ts'
import { within } from './drain.ts'

/**
 * True once all that was read from the store so far is on the disk; false if the disk fails, or takes too long.
 * @param ms how long to wait
 */
export async function isAllWritten(
  store: Pick<SessionStore, 'submit'>,
  clock: Clock,
  ms: number,
): Promise<boolean> {
  let is = false
  const noted = (isNow: boolean) => (): void => {
    is = isNow
  }
  await within(clock, ms, written(store, []).then(noted(true), noted(false)))
  return is
}
