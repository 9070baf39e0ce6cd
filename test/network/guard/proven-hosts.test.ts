import { expect, test } from 'vitest'
import { ProvenHosts } from '../../../src/network/guard/proven-hosts.ts'

test('a host is proven by somebody who came in from elsewhere', () => {
  const proven = new ProvenHosts()
  proven.met('10.0.0.1', '10.0.0.9')
  proven.met('::ffff:10.0.0.2', '::ffff:10.0.0.9')
  expect(['10.0.0.1', '10.0.0.2'].map((host) => proven.has(host))).toEqual([true, true])
})

test('whoever is on this computer proves nothing', () => {
  const proven = new ProvenHosts()
  proven.met('10.0.0.1', '10.0.0.1')
  proven.met(undefined, '10.0.0.9')
  expect(proven.has('10.0.0.1')).toBe(false)
})

test('no more are remembered than a computer has', () => {
  const proven = new ProvenHosts()
  for (let at = 0; at <= 256; at += 1) proven.met(`10.0.${at >> 8}.${at & 255}`, '10.9.9.9')
  expect([proven.has('10.0.0.0'), proven.has('10.0.0.1'), proven.has('10.0.1.0')]).toEqual([
    false,
    true,
    true,
  ])
})
