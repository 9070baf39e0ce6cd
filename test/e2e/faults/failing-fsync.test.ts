import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { problemsOf, storeIn } from '../../faults/stored.ts'
import { dataDirectory, listener, taleusJson } from '../support/cli.ts'

const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0']

/**
 * Lets every fsync from the nth on fail, as a broken disk would, or one that promised more room than it has. strace counts for each thread, and commits are
 * brought to the disk by a thread of the pool: so there is only one.
 */
function failingFrom(nth: number, error = 'EIO'): readonly string[] {
  const inject = `inject=fsync,fdatasync:error=${error}:when=${nth}+`
  const strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync']
  return ['env', 'UV_THREADPOOL_SIZE=1', ...strace, '-e', inject]
}

const hasStrace = spawnSync('env', [...failingFrom(1).slice(1), 'true']).status === 0

// The first ones make the listener ready, one or two more tidy up after that; the next are those of a session.
test.skipIf(!hasStrace).each([
  { role: 'foil', nth: 6, error: 'EIO', code: 'disk_failed' },
  { role: 'foil', nth: 7, error: 'EIO', code: 'disk_failed' },
  { role: 'foil', nth: 9, error: 'EIO', code: 'disk_failed' },
  { role: 'stock', nth: 7, error: 'EIO', code: 'disk_failed' },
  { role: 'stock', nth: 8, error: 'EIO', code: 'disk_failed' },
  // Unlike a write that finds no room, this can't be waited for.
  { role: 'stock', nth: 8, error: 'ENOSPC', code: 'disk_full' },
] as const)(
  'after fsync $nth failed with $error the inviter answers nothing more and ends with exit code 10 ($role)',
  async ({ role, nth, error, code }) => {
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
    const kept = left.repositories.tallies.list(10).map(({ tallyId }) => tallyId)
    if (first.code === 0) expect(kept).toEqual([first.json['tallyId']])
    const mended = await listener(alice, listen)
    const again = await taleusJson(bob, ['bootstrap', link, '--yes'])
    expect(again).toMatchObject({ code: 0 })
    if (kept.length > 0) expect(kept).toEqual([again.json['tallyId']])
    expect(await mended.stop()).toBe(0)
    const store = await storeIn((to) => cp(alice, to, { recursive: true }))
    expect(problemsOf('the inviter', store)).toEqual([])
  },
)
