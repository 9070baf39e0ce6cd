import { overdrawn, soundTrail } from '../invariants.ts'
import { DEADLINES, Inviter } from '../parties.ts'
import { pooled } from '../pooled.ts'
import { type Combination, trial } from '../trial.ts'
import { Lateness } from './lateness.ts'

/** Combinations at once: most of each one's time is waiting for a deadline. */
const AT_ONCE = 12

/** How long the inviter's last streams may stay, ms: a session, its tail, the grace of closing; and a hang's bound. */
const QUIET_MS = 10_000

/** How many are tried at once beyond a relay, which runs in this process, too. */
const AT_ONCE_BY_RELAY = 3

/**
 * Try every combination against one inviter.
 * @param relay the only way to it. @default it is dialled
 * @returns everything that was not as promised
 */
export async function matrix(
  all: readonly Combination[],
  relay?: string,
): Promise<readonly string[]> {
  const inviter = await Inviter.start(relay)
  const lateness = new Lateness()
  const began = performance.now()
  try {
    const tried = await pooled(all, relay === undefined ? AT_ONCE : AT_ONCE_BY_RELAY, (each) =>
      trial(inviter, each, lateness),
    )
    const noise = await quiet(inviter)
    const lateMs = lateness.since(began)
    return [
      ...tried,
      ...noise,
      ...sessionsInTime(inviter, lateMs),
      ...overdrawn(inviter.store),
      ...(await soundTrail('the inviter', inviter.store)),
      ...complaintsOf(inviter, lateMs),
    ]
  } finally {
    lateness.stop()
    await inviter.stop()
  }
}

/** The hooks here answer at once: those that don't in their time are late with the machine. */
function complaintsOf({ complaints }: Inviter, lateMs: number): readonly string[] {
  const isLate = lateMs > DEADLINES.stepTimeoutMs
  return complaints.filter((each) => !(isLate && each.endsWith(': no answer in time')))
}

async function quiet(inviter: Inviter): Promise<readonly string[]> {
  const until = performance.now() + QUIET_MS
  const left = () => inviter.openStreams + inviter.manager.getActiveSessionCounts().total
  while (left() > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return left() === 0 ? [] : [`I9: ${left()} sessions or streams left at the inviter`]
}

function sessionsInTime(inviter: Inviter, lateMs: number): readonly string[] {
  const limit = DEADLINES.sessionTimeoutMs * 1.1 + lateMs
  return inviter.ended
    .filter(({ durationMs = 0 }) => durationMs > limit)
    .map(
      ({ id, state, durationMs }) => `session ${id}: ${state} after ${durationMs} ms of ${limit}`,
    )
}
