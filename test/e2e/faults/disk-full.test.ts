import { expect, test } from 'vitest'
import { inviteeOnFullDisk, inviterOnFullDisk } from '../../faults/directory/full-disk-trial.ts'
import { SmallDisk } from '../../faults/directory/small-disk.ts'
import { taleusJson } from '../support/cli.ts'

const PAGE = 4_096

// Enough for no commit, and for some of a session's.
test.each([
  { role: 'stock', room: 0, isKilled: false },
  { role: 'foil', room: 6 * PAGE, isKilled: false },
  { role: 'stock', room: 6 * PAGE, isKilled: true },
] as const)(
  'an inviter with $room bytes left has promised nothing, refuses newcomers, and goes on with room to one tally ($role, killed meanwhile: $isKilled)',
  async (all) => {
    expect(await inviterOnFullDisk(all)).not.toBe(0)
  },
)

test.each([
  { role: 'foil', room: 0 },
  { role: 'stock', room: 12 * PAGE },
] as const)(
  'an invitee with $room bytes left ends with exit code 10; with room again there is one tally ($role)',
  async (all) => {
    await inviteeOnFullDisk(all)
  },
)

test('on a full disk no link is handed out and no identity half made, and all works when there is room', async () => {
  const disk = await SmallDisk.mount()
  const { directory, through } = disk
  const mint = ['token', 'create', '--announce', '/ip4/127.0.0.1/tcp/9']
  await disk.fill(0)
  const fresh = await taleusJson(directory, mint, { through })
  expect(fresh).toMatchObject({ code: 10, json: { error: { code: 'disk_full' } } })
  expect(await disk.files()).toEqual([])
  await disk.makeRoom()
  const minted = await taleusJson(directory, mint, { through })
  expect(minted.code).toBe(0)
  await disk.fill(0)
  const refused = await taleusJson(directory, mint, { through })
  expect(refused).toMatchObject({ code: 10, json: { error: { code: 'disk_full' } } })
  expect(refused.json).not.toHaveProperty('link')
  await disk.makeRoom()
  const { json } = await taleusJson(directory, ['token', 'list'], { through })
  expect(json['tokens']).toMatchObject([{ id: minted.json['id'] }])
})
