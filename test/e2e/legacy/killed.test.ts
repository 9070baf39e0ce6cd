import { expect, test } from 'vitest'
import { legacyRounds, runLegacyRound } from '../../faults/kill/legacy-round.ts'

/** A sample of test/long/legacy-kills.test.ts, another one each time. */
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e6))

test.each(['inviter', 'invitee'] as const)(
  `kill -9 of the %s beside an older peer loses and doubles nothing, seed ${seed}`,
  async (dies) => {
    const rounds = legacyRounds(dies)
    const round = rounds[seed % rounds.length]
    expect(round && (await runLegacyRound(round))).toEqual([])
  },
)
