import { expect, test } from 'vitest'
import { legacyRounds, runLegacyRound } from '../../faults/kill/legacy-round.ts'

/** A sample of test/long/legacy-kills.test.ts, another one each time. */
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e6))

test.each(['inviter', 'invitee'] as const)(
  `kill -9 of the %s beside an older peer loses and doubles nothing, seed ${seed}`,
  async (dies) => {
    const rounds = legacyRounds(dies)
    for (const step of [0, 1, 2]) {
      const at = (seed + Math.floor((step * rounds.length) / 3)) % rounds.length
      const round = rounds[at]
      expect(round && (await runLegacyRound(round))).toEqual([])
    }
  },
)
