import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** In a process of its own, whose memory is that of nothing else. */
const MEASURE = `
import { TokenBuckets } from './src/session/admission/token-buckets.ts'
const KEYS = 1_000_000
const key = (index) => '12D3KooW' + index.toString(36).padStart(44, 'x')
globalThis.gc()
const before = process.memoryUsage.rss()
const table = new TokenBuckets(2 * KEYS)
for (let index = 0; index < KEYS; index += 1) table.take(key(index), 10, 1_000)
globalThis.gc()
const mib = (process.memoryUsage.rss() - before) / 2 ** 20
const known = Array.from({ length: 1_000 }, (_, index) => key(index))
const began = performance.now()
for (let check = 0; check < KEYS; check += 1) table.take(known[check % 1_000], 10, 1_000)
const perSecond = (KEYS / (performance.now() - began)) * 1_000
console.log(JSON.stringify({ mib, inUse: table.inUse(1_000), perSecond }))
`

test('a million keys stay within 64 MiB, and hardly one of them is forgotten', async () => {
  const args = ['--expose-gc', '--input-type=module', '--eval', MEASURE]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { mib, inUse } = JSON.parse(stdout)
  console.log(stdout)
  expect(mib).toBeLessThanOrEqual(64)
  expect(inUse).toBeGreaterThan(980_000)
})
