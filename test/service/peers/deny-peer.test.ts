import { expect, onTestFinished, test } from 'vitest'
import {
  allowPeer,
  denyPeer,
  listDeniedPeers,
  MAX_DENIED_PEERS,
} from '../../../src/service/peers/deny-peer.ts'
import { isPeerId } from '../../../src/service/peers/is-peer-id.ts'
import { deniedPeers } from '../../../src/store/peers/denied-peers.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'

const BOB = '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR'
const WHY = { user: 'alice', uid: 1, reason: 'never pays' }

function store(): Store {
  const opened = openMemoryStore()
  onTestFinished(() => opened.close())
  return opened
}

function recorded(of: Store): readonly unknown[] {
  return [...of.repositories.audit.rows()].map(({ text }) => {
    const { peerId, data } = JSON.parse(text)
    return [data.command, peerId, data.reason]
  })
}

test('a denial is kept with its reason, and recorded once, until the peer is let in again', async () => {
  const own = store()
  expect(await denyPeer(own, BOB, WHY)).toBe('denied')
  expect(await denyPeer(own, BOB, { ...WHY, reason: 'again' })).toBe('before')
  expect(await listDeniedPeers(own)).toMatchObject([{ peerId: BOB, reason: 'never pays' }])
  expect(await allowPeer(own, BOB, WHY)).toBe(true)
  expect(await allowPeer(own, BOB, WHY)).toBe(false)
  expect(await listDeniedPeers(own)).toEqual([])
  expect(recorded(own)).toEqual([
    ['peer deny', BOB, 'never pays'],
    ['peer allow', BOB, 'never pays'],
  ])
})

test('no more peers are denied than there is room for', async () => {
  const own = store()
  await own.transact(function* () {
    for (let n = 0; n < MAX_DENIED_PEERS; n += 1)
      yield* deniedPeers.add({ peerId: `peer${n}`, deniedAt: n })
  })
  expect(await denyPeer(own, BOB, WHY)).toBe('full')
  expect(await denyPeer(own, 'peer7', WHY)).toBe('before')
  expect(recorded(own)).toEqual([])
})

test.each([
  [BOB, true],
  [`${BOB}x`, false],
  ['12D3KooW', false],
  ['QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N', false],
  ['', false],
])('%s is a peer id: %s', (text, is) => {
  expect(isPeerId(text)).toBe(is)
})
