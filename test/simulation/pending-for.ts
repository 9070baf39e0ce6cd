import { Random } from './world/random.ts'

/** A generator of its own, so that everything else happens as it would without invitations by hand. */
const SALT = 0xa5d

/** How long requests wait, and yeses hold, ms: shorter than the trouble or longer, and longer than people wait who come back in good times. */
export function pendingForOf(seed: number): number {
  return new Random(seed + SALT).pick([70_000, 100_000, 200_000])
}
