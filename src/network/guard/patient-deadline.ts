/** The steps in which a deadline passes. One that comes late counts as one. */
const STEPS = 10

/**
 * Fires when a peer has had `ms` to say something, in time during which this process could hear it. After a second of
 * standing still the timers of Node come first, and what has long arrived is read after them: a deadline by the clock
 * would end everybody who was waiting for us.
 * @returns ends it
 */
export function patientDeadline(ms: number, fired: () => void): () => void {
  let left = STEPS
  const step = (): void => {
    left -= 1
    if (left === 0) fired()
    else timer = setTimeout(step, ms / STEPS)
  }
  let timer = setTimeout(step, ms / STEPS)
  return () => clearTimeout(timer)
}
