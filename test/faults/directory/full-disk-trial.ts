import { cp } from 'node:fs/promises'
import { expect } from 'vitest'
import { z } from 'zod/mini'
import type { Role } from '../../../src/protocol/base/role.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { usageRecords } from '../../../src/store/records/usage-records.ts'
import {
  dataDirectory,
  listener,
  type RunningListener,
  taleus,
  taleusJson,
} from '../../e2e/support/cli.ts'
import { readNow } from '../../support/store/read-now.ts'
import { oneTally } from '../invariants.ts'
import { problemsOf, storeIn } from '../stored.ts'
import { SmallDisk } from './small-disk.ts'

export interface FullDiskCase {
  readonly role: Role
  /** Bytes left on the disk when the session begins. */
  readonly room: number
}

export interface FullInviterCase extends FullDiskCase {
  /** Before there is room again the listener is killed, and started anew after it. */
  readonly isKilled: boolean
}

/** To the last byte: what happens beyond the reserve is what this is about. */
const env = { TALEUS_DISK_RESERVE: '0' }

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0']

/**
 * The inviter's disk is full: no word without a commit, a listener that says so and refuses newcomers, and one tally
 * when there is room, from the same listener or the next one.
 * @returns the exit code that the invitee met on the full disk
 */
export async function inviterOnFullDisk(all: FullInviterCase): Promise<number | null> {
  const { role, room, isKilled } = all
  const disk = await SmallDisk.mount()
  const { directory: alice, through } = disk
  const bob = await dataDirectory()
  const first = await listener(alice, LISTEN, { through, env })
  const { json } = await taleusJson(alice, ['token', 'create', '--role', role], { through })
  const link = String(json['link'])
  await disk.fill(room)
  const redeemed = await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '6s'])
  if (redeemed.code !== 0) {
    // Refused as any newcomer, if a write of the listener's own has met the end of the disk before this one.
    if (redeemed.code !== 6)
      expect(redeemed).toMatchObject({ code: 9, json: { error: { code: 'busy' } } })
    await first.line(({ type, detail }) => type === 'problem' && /takes no more/.test(`${detail}`))
    await refusesNewcomers(disk, link)
  }
  // Said is said: what the invitee completed is there; and nothing is there but that.
  const kept = await talliesOn(disk)
  if (redeemed.code === 0) expect(kept).toEqual([redeemed.json['tallyId']])
  if (isKilled) first.signal('SIGKILL')
  await disk.makeRoom()
  const listen = ['--listen', ...first.addresses]
  const second = isKilled
    ? await startedAnew(first, () => listener(alice, listen, { through, env }))
    : first
  const isReady = async () => (await statusOf(disk)).json['health']
  await expect.poll(isReady, { timeout: 15_000 }).toMatchObject({ ready: true })
  const again = await taleusJson(bob, ['bootstrap', link, '--yes'])
  expect(again.code).toBe(0)
  if (kept.length > 0) expect(kept).toEqual([again.json['tallyId']])
  expect(await second.stop()).toBe(0)
  const whole = await storeIn((to) => disk.copyTo(to))
  expect(readNow(whole, () => usageRecords.counts())).toMatchObject({ openSessions: 0 })
  await bothHaveOne(
    (to) => disk.copyTo(to),
    (to) => cp(bob, to, { recursive: true }),
  )
  return redeemed.code
}

async function refusesNewcomers(disk: SmallDisk, link: string): Promise<void> {
  expect(await statusOf(disk)).toMatchObject({
    code: 0,
    json: { health: { ready: false, problems: [{ code: 'disk_full' }] } },
  })
  const carol = await dataDirectory()
  const refused = await taleusJson(carol, ['bootstrap', link, '--yes', '--timeout', '2s'])
  expect(refused).toMatchObject({
    code: 9,
    json: { error: { code: 'busy', retryAfterMs: expect.any(Number) } },
  })
}

async function talliesOn({ directory, through }: SmallDisk): Promise<readonly unknown[]> {
  const { json } = await taleusJson(directory, ['tally', 'list'], { through })
  const tallies = z.array(z.object({ tallyId: z.string() })).parse(json['tallies'])
  return tallies.map(({ tallyId }) => tallyId)
}

function statusOf({ directory, through }: SmallDisk) {
  return taleusJson(directory, ['status'], { through })
}

async function startedAnew(
  first: RunningListener,
  start: () => Promise<RunningListener>,
): Promise<RunningListener> {
  await first.exited
  return await start()
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
  expect((await taleus(bob, ['identity', 'show'], { through })).code).toBe(0)
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
  const [tally] = readNow(ours, () => tallyRecords.list(1))
  expect(oneTally(ours, theirs, tally?.partner.peerId ?? '')).toEqual([])
  expect(await problemsOf('the inviter', ours)).toEqual([])
  expect(await problemsOf('the invitee', theirs)).toEqual([])
}
