import { describe, expect, test } from 'vitest'
import {
  KINDS,
  type Kind,
  planNamed,
  planOf,
  pointsOf,
  RELAYED_KINDS,
} from '../faults/kill/plan.ts'
import { runRound } from '../faults/kill/run-round.ts'
import { runRounds } from '../faults/kill/run-rounds.ts'

/** KILL_ROUND replays one round, as a failure names it; KILL_SEED and KILL_ROUNDS shape the whole. */
const { KILL_ROUND: only, KILL_SEED, KILL_ROUNDS } = process.env
const seed = KILL_SEED === undefined ? Math.floor(Math.random() * 1e6) : Number(KILL_SEED)
const rounds = KILL_ROUNDS === undefined ? 50 : Number(KILL_ROUNDS)

/** Points of each kind beyond a relay. */
const POINTS_BEYOND = 6

/** A point has its rounds; a matrix of pairs, and a time at random, have as many as a few points. */
const ROUNDS: { readonly [Name in (typeof KINDS)[number]]: number } = {
  inviter: rounds,
  invitee: rounds,
  both: Math.ceil(rounds / 10),
  'inviter twice': Math.ceil(rounds / 10),
  'given up': Math.ceil(rounds / 5),
  'invitee waits': rounds,
  'inviter asked': rounds,
  'inviter decides': rounds,
  'decider tells': rounds,
  'decider alone': rounds,
  'inviter gives': rounds,
  'invitee collects': rounds,
  bootstrap: 4 * rounds,
  listen: 4 * rounds,
}

if (only !== undefined) {
  test(`again: ${only}`, async () => {
    const { deaths, tries } = await runRound(planNamed(only))
    console.log(`${deaths} deaths, ${tries} tries`)
  })
} else {
  describe.each(KINDS)(`kill -9, seed ${seed}: %s`, (kind) => {
    test.each(pointsOf(kind))('%s: nothing is lost and nothing is doubled', async (point) => {
      const plans = Array.from({ length: ROUNDS[kind] }, (_, round) =>
        planOf(kind, point, round, seed),
      )
      const { deaths, mostTries, failures } = await runRounds(plans)
      console.log(
        `${kind}, ${point}: ${plans.length} rounds, ${deaths} deaths, ≤ ${mostTries} tries`,
      )
      expect(failures).toEqual([])
    })
  })
  describe.each(RELAYED_KINDS)(`kill -9 beyond a relay, seed ${seed}: %s`, (kind) => {
    test.each(sampleOf(kind, POINTS_BEYOND))(
      '%s: nothing is lost and nothing is doubled',
      async (point) => {
        const plans = Array.from({ length: Math.ceil(rounds / 10) }, (_, round) =>
          planOf(kind, point, round, seed, true),
        )
        const { deaths, mostTries, failures } = await runRounds(plans)
        console.log(`${kind}, ${point}: ${deaths} deaths beyond a relay, ≤ ${mostTries} tries`)
        expect(failures).toEqual([])
      },
    )
  })
}

/** Points at the same distance from each other, from one that the seed chooses. */
function sampleOf(kind: Kind, count: number): readonly string[] {
  const points = pointsOf(kind)
  const step = Math.max(1, points.length / count)
  return Array.from(
    { length: Math.min(count, points.length) },
    (_, index) => points[Math.floor(seed + index * step) % points.length] ?? '',
  )
}
