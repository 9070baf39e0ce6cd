import { describe, expect, test } from 'vitest'
import { inviteeOnFullDisk, inviterOnFullDisk } from '../faults/directory/full-disk-trial.ts'

const PAGE = 4_096

/** From enough for nothing to enough for a whole session. */
const CASES = (['stock', 'foil'] as const).flatMap((role) =>
  Array.from({ length: 40 }, (_, step) => ({ role, room: 2 * step * PAGE })),
)

describe('a disk that is full after so many bytes', () => {
  const codes = new Set<string>()

  test.each(CASES)('at the inviter: $role, $room', async (all) => {
    codes.add(
      `inviter ${await inviterOnFullDisk({ ...all, isKilled: all.room % (4 * PAGE) === 0 })}`,
    )
  })

  test.each(CASES)('at the invitee: $role, $room', async (all) => {
    codes.add(`invitee ${await inviteeOnFullDisk(all)}`)
  })

  test('both ends were met on both sides', () => {
    expect([...codes].sort()).toEqual(['invitee 0', 'invitee 10', 'inviter 0', 'inviter 6'])
  })
})
