import { expect, it } from 'vitest'
import { deniedPeers } from '../../../src/store/peers/denied-peers.ts'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine('denied peers', (ask) => {
  it('are denied once, and stay as they were first', async () => {
    const first = { peerId: 'a', deniedAt: 1_780_000_000_000, reason: 'spam' }
    expect(await ask(() => deniedPeers.add(first))).toBe(true)
    expect(await ask(() => deniedPeers.add({ peerId: 'a', deniedAt: 2 }))).toBe(false)
    expect(await ask(() => deniedPeers.list(10))).toEqual([first])
    expect(await ask(() => deniedPeers.has('a'))).toBe(true)
    expect(await ask(() => deniedPeers.remove('a'))).toBe(true)
    expect(await ask(() => deniedPeers.remove('a'))).toBe(false)
    expect(await ask(() => deniedPeers.has('a'))).toBe(false)
  })

  it('are listed latest first, those of one time by the bytes of their ids', async () => {
    for (const peerId of ['b', 'B', 'ä', 'a'])
      await ask(() => deniedPeers.add({ peerId, deniedAt: 1 }))
    await ask(() => deniedPeers.add({ peerId: 'z', deniedAt: 2 }))
    const listed = await ask(() => deniedPeers.list(4))
    expect(listed.map(({ peerId }) => peerId)).toEqual(['z', 'B', 'a', 'b'])
    expect(await ask(() => deniedPeers.count())).toBe(5)
  })
})
