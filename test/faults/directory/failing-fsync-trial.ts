import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { expect } from 'vitest'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { dataDirectory, listener, taleusJson } from '../../e2e/support/cli.ts'
import { readNow } from '../../support/store/read-now.ts'
import { problemsOf, storeIn } from '../stored.ts'

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0']

/** From which fsync on all fail, counted from the start of a listener, and how. */
export interface FailingFsyncCase {
  readonly role: 'stock' | 'foil'
  readonly nth: number
  readonly error: 'EIO' | 'ENOSPC'
  /** The code that the listener ends with. */
  readonly code: string
}

/** A test of it. */
export const FAILING_FSYNC =
  'after fsync $nth failed with $error the inviter answers nothing more and ends with exit code 10 ($role)'

/**
 * Lets every fsync from the nth on fail, as a broken disk would, or one that promised more room than it has. strace counts for each thread, and commits are
 * brought to the disk by a thread of the pool: so there is only one.
 */
function failingFrom(nth: number, error = 'EIO'): readonly string[] {
  const inject = `inject=fsync,fdatasync:error=${error}:when=${nth}+`
  const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync']
  return ['env', 'UV_THREADPOOL_SIZE=1', ...strace, '-e', inject]
}

/** Without it fsync can't be made to fail. */
export const hasStrace = spawnSync('env', [...failingFrom(1).slice(1), 'true']).status === 0

/** Breaks the disk below a listener in the middle of a bootstrap, then mends it. */
export async function fsyncFails({ role, nth, error, code }: FailingFsyncCase): Promise<void> {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  // Its key, its store and its address are there, whenever the disk breaks.
  const whole = await listener(alice, LISTEN)
  const { json } = await taleusJson(alice, ['token', 'create', '--role', role])
  const link = String(json['link'])
  expect(await whole.stop()).toBe(0)
  const listen = ['--listen', ...whole.addresses]
  const broken = await listener(alice, listen, { through: failingFrom(nth, error) })
  const first = await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '5s'])
  if (first.code === 0) await taleusJson(bob, ['bootstrap', link, '--yes', '--timeout', '5s'])
  expect(await broken.exited).toBe(10)
  expect(broken.lines.at(-1)).toMatchObject({ error: { code } })
  const left = await storeIn((to) => cp(alice, to, { recursive: true }))
  const kept = readNow(left, () => tallyRecords.list(10)).map(({ tallyId }) => tallyId)
  if (first.code === 0) expect(kept).toEqual([first.json['tallyId']])
  const mended = await listener(alice, listen)
  const again = await taleusJson(bob, ['bootstrap', link, '--yes'])
  expect(again).toMatchObject({ code: 0 })
  if (kept.length > 0) expect(kept).toEqual([again.json['tallyId']])
  expect(await mended.stop()).toBe(0)
  const store = await storeIn((to) => cp(alice, to, { recursive: true }))
  expect(await problemsOf('the inviter', store)).toEqual([])
}
