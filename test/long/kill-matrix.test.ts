import { describe, expect, test } from 'vitest'
import { KINDS, type Kind, planNamed, planOf, pointsOf } from '../faults/kill/plan.ts'
import { runRound } from '../faults/kill/run-round.ts'
import { runRounds } from '../faults/kill/run-rounds.ts'

/** KILL_ROUND replays one round, as a failure names it; KILL_SEED and KILL_ROUNDS shape the whole. */
const { KILL_ROUND: only, KILL_SEED, KILL_ROUNDS } = process.env
const seed = KILL_SEED === undefined ? Math.floor(Math.random() * 1e6) : Number(KILL_SEED)
const rounds = KILL_ROUNDS === undefined ? 50 : Number(KILL_ROUNDS)

/** A point has its rounds; a matrix of pairs, and a time at random, have as many as a few points. */
const ROUNDS: { readonly [Name in Kind]: number } = {
  inviter: rounds,
  invitee: rounds,
  both: Math.ceil(rounds / 10),
  'inviter twice': Math.ceil(rounds / 10),
  'given up': Math.ceil(rounds / 5),
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
}
