import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { SessionCore } from '../../session/manager/session-core.ts'
import { hasAsked } from '../feed/session-ends.ts'

/** Seconds: from what a fast disk needs to the longest deadline that is usual. */
const STEP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Reasons told apart; more than there are. Beyond it they are `other`: labels must not grow for ever. */
const MAX_REASONS = 64

/** Counts sessions as they move: states, outcomes, steps, refusals. Never who. */
export function countSessions(registers: Registry[], manager: SessionCore): void {
  const outcomes = new Counter({
    name: 'taleus_sessions_total',
    help: 'Sessions that are over, by side, final state and reason. ASKED: a request waits for the inviter’s word.',
    labelNames: ['side', 'state', 'reason'],
    registers,
  })
  const steps = new Histogram({
    name: 'taleus_step_seconds',
    help: 'Time that sessions spent in each state.',
    labelNames: ['side', 'state'],
    buckets: STEP_BUCKETS,
    registers,
  })
  const durations = new Histogram({
    name: 'taleus_session_seconds',
    help: 'Time that sessions took, by final state.',
    labelNames: ['side', 'state'],
    buckets: STEP_BUCKETS,
    registers,
  })
  const live = new Map<string, string>()
  const reasonOf = bounded(MAX_REASONS)
  manager.on('session', ({ id, side }, path) => {
    for (const { from, ms } of path) steps.observe({ side, state: from }, ms / 1_000)
    const last = path.at(-1)
    if (last !== undefined) live.set(id, last.to)
  })
  manager.on('ended', (summary) => {
    const { id, side, reason = 'none', durationMs = 0 } = summary
    // Who waits for the inviter's word has not failed.
    const state = hasAsked(summary) ? 'ASKED' : summary.state
    live.delete(id)
    outcomes.inc({ side, state, reason: reasonOf(reason) })
    durations.observe({ side, state }, durationMs / 1_000)
  })
  countNearLimits(registers, manager)
  new Gauge({
    name: 'taleus_sessions',
    help: 'Sessions under way, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset()
      for (const state of live.values()) this.inc({ state })
    },
  })
}

function countNearLimits(registers: Registry[], manager: SessionCore): void {
  const nearLimits = new Counter({
    name: 'taleus_strained_total',
    help: 'Sessions that used more than half of what they may, by limit.',
    labelNames: ['limit'],
    registers,
  })
  manager.on('strained', (_id, _detail, kind) => nearLimits.inc({ limit: kind }))
}

/** Lets so many values through, and calls the rest `other`. */
function bounded(most: number): (value: string) => string {
  const seen = new Set<string>()
  return (value) => {
    if (seen.size < most) seen.add(value)
    return seen.has(value) ? value : 'other'
  }
}
