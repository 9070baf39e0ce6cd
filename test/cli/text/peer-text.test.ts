import { expect, it } from 'vitest'
import { peerText } from '../../../src/cli/text/peer-text.ts'

const PEER_ID = '12D3KooWJh54pkYznuvmvuKLmPaHoEMihAHDR6s5azBmvAuQQTYJ'

it('who has disclosed a name is told by it, the id second; others by the id', () => {
  expect(peerText({ peerId: PEER_ID, peerName: 'Bob' }, true)).toBe(`Bob (${PEER_ID.slice(-8)})`)
  expect(peerText({ peerId: PEER_ID, peerName: 'Bob' }, false)).toBe(`Bob (${PEER_ID})`)
  expect(peerText({ peerId: PEER_ID, peerName: null }, true)).toBe(PEER_ID.slice(-8))
  expect(peerText({ peerId: PEER_ID }, false)).toBe(PEER_ID)
})

it('a name is a stranger’s text: harmless, and never so long that the id is out of sight', () => {
  const text = peerText({ peerId: PEER_ID, peerName: `\u001b[2J${'long '.repeat(100)}` }, true)
  expect(text).toMatch(/^\\x1b\[2Jlong .*… \(\w{8}\)$/)
  expect(text.length).toBeLessThan(60)
})
