import { cp } from 'node:fs/promises'
import { expect } from 'vitest'
import type { Role } from '../../src/protocol/role.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../e2e/support/cli.ts'
import { oneTally } from './invariants.ts'
import { SmallDisk } from './small-disk.ts'
import { problemsOf, storeIn } from './stored.ts'

export interface FullDiskCase {
  readonly role: Role
  /** Bytes left on the disk when the session begins. */
  readonly room: number
}

/** To the last byte: what happens beyond the reserve is what this is about. */
const env = { TALEUS_DISK_RESERVE: '0' }

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0']

/** The inviter's disk is full: no word without a commit, a clear end, and one tally when there is room. */
export async function inviterOnFullDisk({ role, room }: FullDiskCase): Promise<number | null> {
  const disk = await SmallDisk.mount()
  const { directory: alice, through } = disk
  const bob = await dataDirectory()
  const first = await listener(alice, LISTEN, { through, env })
  const { json } = await taleusJson(alice, ['token', 'create', '--role', role], { through })
  const link = String(json['link'])
  await disk.fill(room)
  const redeemed = await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '6s'])
  if (redeemed.code === 0) first.signal('SIGKILL')
  else {
    expect(redeemed.code).toBe(6)
    expect(await first.exited).toBe(10)
    expect(first.lines.at(-2)).toMatchObject({ type: 'stopped', reason: 'store-failed' })
    expect(first.lines.at(-1)).toMatchObject({ error: { code: 'disk_full', exitCode: 10 } })
  }
  await first.exited
  await disk.makeRoom()
  const told = await storeIn((to) => disk.copyTo(to))
  // Said is said: what the invitee completed is there after a crash; and nothing is there but that.
  const kept = told.books.tallies.list(10).map(({ tallyId }) => tallyId)
  if (redeemed.code === 0) expect(kept).toEqual([redeemed.json['tallyId']])
  const second = await listener(alice, ['--listen', ...first.addresses], { through, env })
  const again = await taleusJson(bob, ['bootstrap', link, '--yes'])
  expect(again.code).toBe(0)
  if (kept.length > 0) expect(kept).toEqual([again.json['tallyId']])
  expect(await second.stop()).toBe(0)
  await bothHaveOne(
    (to) => disk.copyTo(to),
    (to) => cp(bob, to, { recursive: true }),
  )
  return redeemed.code
}

/** The invitee's disk is full: a clear error, and one tally when there is room. */
export async function inviteeOnFullDisk({ role, room }: FullDiskCase): Promise<number | null> {
  const disk = await SmallDisk.mount()
  const { directory: bob, through } = disk
  const alice = await dataDirectory()
  const listening = await listener(alice, LISTEN)
  const { json } = await taleusJson(alice, ['token', 'create', '--role', role])
  const link = String(json['link'])
  // Its key and its store are there.
  expect((await taleus(bob, ['sessions'], { through })).code).toBe(0)
  await disk.fill(room)
  const redeemed = await taleusJson(bob, ['bootstrap', link, '--yes'], { through })
  if (redeemed.code !== 0)
    expect(redeemed).toMatchObject({ code: 10, json: { error: { code: 'disk_full' } } })
  await disk.makeRoom()
  const again = await taleusJson(bob, ['bootstrap', link, '--yes'], { through })
  expect(again.code).toBe(0)
  if (redeemed.code === 0) expect(again.json['tallyId']).toBe(redeemed.json['tallyId'])
  expect(await listening.stop()).toBe(0)
  await bothHaveOne(
    (to) => cp(alice, to, { recursive: true }),
    (to) => disk.copyTo(to),
  )
  return redeemed.code
}

type Copy = (to: string) => Promise<void>

async function bothHaveOne(inviter: Copy, invitee: Copy): Promise<void> {
  const ours = await storeIn(inviter)
  const theirs = await storeIn(invitee)
  const [tally] = ours.books.tallies.list(1)
  expect(oneTally(ours, theirs, tally?.partner.peerId ?? '')).toEqual([])
  expect(problemsOf('the inviter', ours)).toEqual([])
  expect(problemsOf('the invitee', theirs)).toEqual([])
}
