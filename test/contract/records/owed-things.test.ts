import { expect, it } from 'vitest'
import { lostUseRecords } from '../../../src/store/records/lost-use-records.ts'
import { noticeRecords } from '../../../src/store/records/notice-records.ts'
import { removalRecords } from '../../../src/store/records/removal-records.ts'
import { addRow } from './add-row.ts'
import { onEachEngine } from './on-each-engine.ts'

const T0 = 1_780_000_000_000
const OWED = { redemption_id: 'r', fence: 3, session_id: 's', peer_id: 'bob', next_at: T0 + 9 }

onEachEngine('what is owed', (ask) => {
  it('is listed oldest first, and apart from it what has failed', async () => {
    const removal = { ...OWED, reason: 'late' }
    await ask(() => addRow('removals', { ...removal, tally_id: 'new', since: T0 + 1, tries: 2 }))
    await ask(() => addRow('removals', { ...removal, tally_id: 'b', since: T0 }))
    await ask(() => addRow('removals', { ...removal, tally_id: 'B', since: T0 }))
    const listed = await ask(() => removalRecords.list(10))
    expect(listed.map(({ tallyId }) => tallyId)).toEqual(['B', 'b', 'new'])
    expect(listed[2]).toMatchObject({ tries: 2, nextAt: T0 + 9, fence: 3, since: T0 + 1 })
    expect(await ask(() => removalRecords.listFailed(10))).toEqual([listed[2]])
    expect(await ask(() => removalRecords.countFailed())).toBe(1)
  })

  it('is listed so of notices, too', async () => {
    const notice = { ...OWED, token_id: 't' }
    await ask(() => addRow('notices', { ...notice, since: T0 + 1 }))
    await ask(() => addRow('notices', { ...notice, redemption_id: 'q', since: T0, tries: 1 }))
    const listed = await ask(() => noticeRecords.list(10))
    expect(listed.map(({ redemptionId }) => redemptionId)).toEqual(['q', 'r'])
    expect(await ask(() => noticeRecords.listFailed(1))).toEqual([listed[0]])
    expect(await ask(() => noticeRecords.countFailed())).toBe(1)
  })

  it('is not what was lost, which is told by tally', async () => {
    const use = { token_id: 't', peer_id: 'bob', tally_id: 'y' }
    for (const [at, by] of [
      [T0, 'inviter'],
      [T0 + 1, 'here'],
      [T0 + 2, 'inviter'],
    ] as const)
      await ask(() => addRow('lost_uses', { ...use, lost_by: by, redemption_id: `r${at}`, at }))
    const listed = await ask(() => lostUseRecords.list(2))
    expect(listed.map(({ at, lostBy }) => [at, lostBy])).toEqual([
      [T0 + 2, 'inviter'],
      [T0 + 1, 'here'],
    ])
    expect(await ask(() => lostUseRecords.deniedAt('y'))).toBe(T0 + 2)
    expect(await ask(() => lostUseRecords.deniedAt('other'))).toBeUndefined()
  })
})
