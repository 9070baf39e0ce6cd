import { describe, expect, it } from 'vitest'
import { LapsedNodes } from '../../../../src/store/postgres/node/lapsed-nodes.ts'
import type { LeasedNode } from '../../../../src/store/postgres/node/nodes.ts'

const LEASE_MS = 3_000

function node(isLapsed: boolean, epoch = 1): LeasedNode {
  return { node: 2, epoch, peerId: 'peer-2', isLapsed }
}

/** Looks every half second, as often as there are nodes given. @returns how often each look has found one gone */
function looks(lapsed: LapsedNodes, from: number, seen: readonly LeasedNode[]): readonly number[] {
  return seen.map((each, at) => lapsed.look([each], from + at * 500).length)
}

describe('a node without a lease', () => {
  it('counts as gone once it was seen so for a second', () => {
    const lapsed = new LapsedNodes(LEASE_MS)
    const seen = [node(false), node(true), node(true), node(true), node(true)]
    expect(looks(lapsed, 10, seen)).toEqual([0, 0, 0, 1, 1])
  })

  it('that has renewed it meanwhile does not', () => {
    const lapsed = new LapsedNodes(LEASE_MS)
    const seen = [node(true), node(true), node(false), node(true), node(true)]
    expect(looks(lapsed, 10, seen)).toEqual([0, 0, 0, 0, 0])
  })

  it('that was taken anew meanwhile does not', () => {
    const lapsed = new LapsedNodes(LEASE_MS)
    expect(looks(lapsed, 10, [node(true), node(true), node(true, 2)])).toEqual([0, 0, 0])
  })

  it('does not for as long as a lease after nobody could look', () => {
    const lapsed = new LapsedNodes(LEASE_MS)
    looks(lapsed, 10, [node(false)])
    const seen = Array.from({ length: 8 }, () => node(true))
    expect(looks(lapsed, 20_000, seen)).toEqual([0, 0, 0, 0, 0, 0, 1, 1])
  })

  it('does in the end, though each look is late', () => {
    const lapsed = new LapsedNodes(LEASE_MS)
    const found = [0, 2_000, 4_000, 6_000].map((now) => lapsed.look([node(true)], now).length)
    expect(found).toEqual([0, 0, 0, 1])
  })
})
