import fc from 'fast-check'
import { expect, it } from 'vitest'
import { consistencyProof } from '../../../src/audit/tree/tree-proof.ts'
import { RememberedLeaves } from '../../../src/service/witness/remembered-leaves.ts'
import { auditTree, type StoredTree } from '../../../src/store/audit/audit-tree.ts'
import { TestParty, words } from '../../support/service/witness-party.ts'

const RECORDS = 1_000

it('proofs from remembered leaves are the same, and each leaf is read once', async () => {
  const party = new TestParty(1)
  await party.append(...words(RECORDS))
  await party.sign()
  let read = 0
  const counting: StoredTree = {
    nodes: auditTree.nodes,
    *leaves(from, to) {
      const leaves = yield* auditTree.leaves(from, to)
      // Counted when they are there: a query may be begun anew before it has read anything.
      read += leaves.length
      return leaves
    },
  }
  const remembered = new RememberedLeaves(counting)
  const proven = (tree: StoredTree, from: number, to: number) =>
    party.store.query(() => consistencyProof(tree, from, to))
  const size = fc.integer({ min: 1, max: RECORDS })
  await fc.assert(
    fc.asyncProperty(size, size, async (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      expect(await proven(remembered, from, to)).toEqual(await proven(auditTree, from, to))
    }),
  )
  expect(read).toBeLessThanOrEqual(RECORDS)
  party.store.close()
})
