import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { tellReach } from '../../../src/service/http/reach-metrics.ts'
import type { ReachReport } from '../../../src/service/reach/reach-report.ts'
import type { RouterState } from '../../../src/service/router/router-state.ts'

const OUTSIDE = { relay: '/ip4/8.8.8.8/tcp/1', triedAt: 5_000, provenAt: 4_000 }
const REACH: ReachReport = [
  { address: 'a', by: 'self', triedAt: 5_000, problem: 'no', outside: OUTSIDE },
  { address: 'b', by: 'self', triedAt: 5_000, outside: { ...OUTSIDE, untried: 'did not answer' } },
  { address: 'c', by: 'relay', triedAt: 5_000, provenAt: 3_000 },
]

async function linesOf(reach: ReachReport, router?: RouterState): Promise<readonly string[]> {
  const registry = new Registry()
  tellReach([registry], () => ({ reach, router }))
  const text = await registry.metrics()
  return text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))
}

test('each way by which it was tried is told, also from outside', async () => {
  expect(await linesOf(REACH)).toEqual([
    'taleus_reached{by="self"} 1',
    'taleus_reached{by="outside"} 1',
    'taleus_reached{by="relay"} 1',
    'taleus_reach_proven_timestamp_seconds{by="relay"} 3',
    'taleus_reach_proven_timestamp_seconds{by="outside"} 4',
  ])
})

test('a router is told only if it is asked', async () => {
  const state = { since: 1, addresses: [] }
  expect(await linesOf([], { ...state, state: 'failed' })).toEqual(['taleus_router_mapped 0'])
  expect(await linesOf([], { ...state, state: 'mapped' })).toEqual(['taleus_router_mapped 1'])
})
