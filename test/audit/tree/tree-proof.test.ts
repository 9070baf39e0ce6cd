import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TreeGrower } from '../../../src/audit/tree/tree-grower.ts'
import { BLOCK_LEAVES, type TreeNode } from '../../../src/audit/tree/tree-levels.ts'
import { consistencyProof, verifyConsistency } from '../../../src/audit/tree/tree-proof.ts'
import { rangeRoot, type TreeSource } from '../../../src/audit/tree/tree-source.ts'
import { finished, known } from '../../support/audit/finished.ts'
import { mth, proof } from '../../support/audit/rfc-6962.ts'

/** Leaf hashes of their own; as many as fill a node of level 1 twice, and some. */
const LEAVES = Array.from({ length: 2 * BLOCK_LEAVES + 90 }, (_, n) =>
  mth([Buffer.from([n, n >> 8])]),
)
const BODIES = LEAVES.map((_, n) => Buffer.from([n, n >> 8]))

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function rootOf(size: number): string {
  return hex(mth(BODIES.slice(0, size)))
}

type Source = TreeSource<never, never>

/** A source that has stored what a grower told. */
function sourceOf(size: number): Source {
  const nodes: TreeNode[] = []
  const grower = new TreeGrower((node) => nodes.push(node))
  for (const leaf of LEAVES.slice(0, size)) grower.append(leaf)
  return {
    leaves: (from, to) => known(LEAVES.slice(from, to)),
    nodes: (level, from, to) =>
      known(
        nodes
          .filter((node) => node.level === level && node.n >= from && node.n < to)
          .map((node) => node.hash),
      ),
  }
}

const SOURCE = sourceOf(LEAVES.length)
const size = fc.integer({ min: 1, max: LEAVES.length })
const flip = fc.nat({ max: 255 })

function root(source: Source, end: number): Uint8Array {
  return finished(rangeRoot(source, 0, end))
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}

describe('the tree', () => {
  it('has the roots that RFC 6962 gives it, at every size', () => {
    const grower = new TreeGrower()
    expect(hex(grower.root())).toBe(rootOf(0))
    for (const [at, leaf] of LEAVES.entries()) {
      grower.append(leaf)
      if (at < 70 || at % 61 === 0 || at % BLOCK_LEAVES < 2)
        expect(hex(grower.root())).toBe(rootOf(at + 1))
    }
    expect(grower.size).toBe(LEAVES.length)
  })

  it('tells each node of a level when it is complete', () => {
    const nodes: TreeNode[] = []
    const grower = new TreeGrower((node) => nodes.push(node))
    for (const leaf of LEAVES) grower.append(leaf)
    expect(nodes.map(({ level, n, hash }) => [level, n, hex(hash)])).toEqual([
      [1, 0, hex(mth(BODIES.slice(0, 256)))],
      [1, 1, hex(mth(BODIES.slice(256, 512)))],
    ])
  })

  it('has the same root by its nodes as by its leaves', () => {
    const bare: Source = { ...SOURCE, nodes: () => known([]) }
    fc.assert(
      fc.property(size, (end) => {
        expect(hex(root(SOURCE, end))).toBe(hex(root(bare, end)))
      }),
    )
  })

  it('takes 65,536 leaves as a node of level 2', () => {
    const leaf = LEAVES[0] ?? Buffer.alloc(32)
    const nodes: TreeNode[] = []
    const grower = new TreeGrower((node) => nodes.push(node))
    for (let n = 0; n < BLOCK_LEAVES ** 2; n += 1) grower.append(leaf)
    expect(nodes.length).toBe(257)
    expect(nodes.at(-1)).toMatchObject({ level: 2, n: 0, hash: grower.root() })
  })

  it('takes no subtree where it does not belong', () => {
    const grower = new TreeGrower()
    grower.append(Buffer.alloc(32))
    expect(() => grower.appendNode(1, Buffer.alloc(32))).toThrow(RangeError)
  })
})

describe('a proof', () => {
  it('that a log has only grown is the RFC’s, and holds', () => {
    fc.assert(
      fc.property(size, fc.nat(), (end, any) => {
        const old = 1 + (any % end)
        const hashes = finished(consistencyProof(SOURCE, old, end))
        expect(hashes.map(hex)).toEqual(proof(old, BODIES.slice(0, end)).map(hex))
        const [before, after] = [root(SOURCE, old), root(SOURCE, end)]
        expect(verifyConsistency(old, before, end, after, hashes)).toBe(true)
      }),
    )
  })

  it('that a log has only grown fails for one that has not', () => {
    fc.assert(
      fc.property(size, fc.nat(), flip, fc.nat(), (end, any, bit, which) => {
        const old = 1 + (any % end)
        const hashes = finished(consistencyProof(SOURCE, old, end))
        const [before, after] = [root(SOURCE, old), root(SOURCE, end)]
        expect(verifyConsistency(old, flipped(before, bit), end, after, hashes)).toBe(false)
        expect(verifyConsistency(old, before, end, flipped(after, bit), hashes)).toBe(false)
        expect(verifyConsistency(old, before, end, after, [...hashes, before])).toBe(false)
        expect(verifyConsistency(end + 1, before, end, after, hashes)).toBe(false)
        if (hashes.length === 0) return
        expect(verifyConsistency(old, before, end, after, hashes.slice(1))).toBe(false)
        const wrong = hashes.map((hash, at) =>
          at === which % hashes.length ? flipped(hash, bit) : hash,
        )
        expect(verifyConsistency(old, before, end, after, wrong)).toBe(false)
      }),
    )
  })

  it('from nothing is empty', () => {
    const three = root(SOURCE, 3)
    expect(verifyConsistency(0, mth([]), 3, three, [])).toBe(true)
    expect(verifyConsistency(-1, three, 3, three, [])).toBe(false)
  })
})
