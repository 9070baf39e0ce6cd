import { expect, test } from 'vitest'
import { inviteeOnFullDisk, inviterOnFullDisk } from '../../faults/directory/full-disk-trial.ts'
import { SmallDisk } from '../../faults/directory/small-disk.ts'
import { taleusJson } from '../support/cli.ts'

const PAGE = 4_096

// A sample of test/long/disk-full.test.ts: enough for some of a session's commits.
test('an inviter whose disk gets full has promised nothing, refuses newcomers, is killed, and goes on with room to one tally', async () => {
  expect(await inviterOnFullDisk({ role: 'stock', room: 6 * PAGE, isKilled: true })).not.toBe(0)
})

test('an invitee whose disk gets full ends with exit code 10; with room again there is one tally', async () => {
  await inviteeOnFullDisk({ role: 'stock', room: 12 * PAGE })
})

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
