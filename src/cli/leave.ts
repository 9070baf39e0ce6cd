/**
 * How long the process may live on by itself after its work, ms. All that is ours is stored and closed by then; a
 * timer inside a library may go on for a second, and a hook that hangs for ever.
 */
const LEAVE_MS = 50

/** Ends the process soon, also if something still holds it. For when all work is done. */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), LEAVE_MS).unref()
}
