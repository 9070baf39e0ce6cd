import fc from 'fast-check'
import { expect, it } from 'vitest'
import { consistencyProof } from '../../../src/audit/tree/tree-proof.ts'
import type { TreeSource } from '../../../src/audit/tree/tree-source.ts'
import { RememberedLeaves } from '../../../src/service/witness/remembered-leaves.ts'
import { TestParty, words } from '../../support/service/witness-party.ts'

const RECORDS = 1_000

it('proofs from remembered leaves are the same, and each leaf is read once', async () => {
  const party = new TestParty(1)
  await party.append(...words(RECORDS))
  await party.sign()
  const { tree } = party.store.repositories
  let read = 0
  const counting: TreeSource = {
    nodes: (...range) => tree.nodes(...range),
    leaves: (from, to) => {
      read += to - from
      return tree.leaves(from, to)
    },
  }
  const remembered = new RememberedLeaves(counting)
  const size = fc.integer({ min: 1, max: RECORDS })
  fc.assert(
    fc.property(size, size, (one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      expect(consistencyProof(remembered, from, to)).toEqual(consistencyProof(tree, from, to))
    }),
  )
  expect(read).toBeLessThanOrEqual(RECORDS)
  party.store.close()
})
