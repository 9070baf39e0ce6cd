import { expect, onTestFinished, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { addNode, listNodes, retireNode } from '../../../src/service/node/node-register.ts'
import { currentOperator } from '../../../src/service/record/operator.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'

const PARTY = generatePrivateKeyBytes()
const TILL = { name: 'till', peerId: peerIdOfKeyBytes(generatePrivateKeyBytes()) }

function opened(): Store {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  return store
}

const add = (store: Store, again?: boolean) => {
  const node = { ...TILL, lifetimeMs: 3_600_000, again }
  return addNode(store, PARTY, { node, now: Date.now(), operator: currentOperator() })
}

test('a node that was retired is certified again only on demand', async () => {
  const store = opened()
  await add(store)
  await retireNode(store, 'till', currentOperator())
  await expect(add(store)).rejects.toMatchObject({ code: 'node_register' })
  expect(await listNodes(store)).toEqual([])
  expect(await add(store, true)).toMatchObject({ node: TILL.peerId, serial: 2 })
  expect(await add(store)).toMatchObject({ serial: 3 })
  expect(await listNodes(store)).toMatchObject([TILL])
})

test('a register of before nodes were retired for good is read', async () => {
  const store = opened()
  await store.transact(() => metaRecords.set('nodes', '{"serial":4,"nodes":[]}'))
  expect(await add(store)).toMatchObject({ serial: 5 })
})
