import { expect, test } from 'vitest'
import { decodeSyncFrame, encodeSyncFrame } from '../../../src/protocol/sync/sync-frames.ts'
import { toldAddresses } from '../../../src/service/sync/told-addresses.ts'

test('nominated nodes come before the places where it listens, no more and no longer than a frame may name', () => {
  const long = `/dns4/${'a'.repeat(252)}/tcp/1`
  const listening = Array.from({ length: 40 }, (_, at) => `/ip4/192.0.2.${at}/tcp/4710`)
  const told = toldAddresses(['/dns4/a.example/tcp/1', long, '/ip4/192.0.2.3/tcp/4710'], listening)
  expect(told).toHaveLength(16)
  expect(told.slice(0, 3)).toEqual([
    '/dns4/a.example/tcp/1',
    '/ip4/192.0.2.3/tcp/4710',
    '/ip4/192.0.2.0/tcp/4710',
  ])
  const frame = encodeSyncFrame({ type: 'differ', at: [], addresses: told })
  expect(decodeSyncFrame(frame)).toMatchObject({ addresses: told })
})
