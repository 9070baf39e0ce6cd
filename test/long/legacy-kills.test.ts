import { expect, test } from 'vitest'
import { legacyRounds, runLegacyRound } from '../faults/kill/legacy-round.ts'

/** How often each point is died at. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 20)

const rounds = [...legacyRounds('inviter'), ...legacyRounds('invitee')]

test.each(rounds)(
  'kill -9 of the $dies, inviter of the $role, $death.point: beside an older peer nothing is lost or doubled',
  async (round) => {
    for (let count = 0; count < ROUNDS; count += 1) expect(await runLegacyRound(round)).toEqual([])
  },
)
