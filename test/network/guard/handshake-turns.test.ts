import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HandshakeTurns } from '../../../src/network/guard/handshake-turns.ts'

const LIMITS = { handshakesAtOnce: 2, maxPendingConnections: 3, upgradeTimeoutMs: 5_000 }

/** The loop is as busy, and as much time has passed, as a test says. */
class Watch {
  time = 0
  busy = 1

  now(): number {
    return this.time
  }

  busyShare(): number {
    return this.busy
  }
}

function scene(limits: Partial<typeof LIMITS> = {}) {
  const watch = new Watch()
  const turns = new HandshakeTurns({ ...LIMITS, ...limits }, watch)
  const begun: string[] = []
  const over = new Map<string, () => void>()
  const come = async (name: string): Promise<void> => {
    const end = await turns.take()
    begun.push(end === undefined ? `not ${name}` : name)
    if (end !== undefined) over.set(name, end)
  }
  const all = (names: string): void => {
    for (const name of names) void come(name)
  }
  return { watch, begun, all, end: (name: string) => over.get(name)?.() }
}

test('so many begin at once, the others in the order in which they came, each when one before it is over', async () => {
  const { begun, all, end } = scene()
  all('abcd')
  await sleep(0)
  expect(begun).toEqual(['a', 'b'])
  end('b')
  end('b')
  await sleep(0)
  expect(begun).toEqual(['a', 'b', 'c'])
  all('e')
  end('a')
  end('c')
  await sleep(0)
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('no more than so many wait', async () => {
  const { begun, all } = scene()
  all('abcdef')
  await sleep(0)
  expect(begun.toSorted()).toEqual(['a', 'b', 'not f'])
})

test('who says nothing holds up nobody for long: soon while the loop is idle, later while it is busy', async () => {
  const { watch, begun, all } = scene()
  all('abcd')
  watch.time = 100
  await sleep(100)
  expect(begun).toEqual(['a', 'b'])
  watch.busy = 0.5
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd'])
  all('ef')
  watch.busy = 1
  watch.time = 200
  await sleep(100)
  expect(begun).toHaveLength(4)
  watch.time = 400
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})

test('who waited until its peer must have given up is turned away', async () => {
  const { watch, begun, all, end } = scene()
  all('abc')
  await sleep(0)
  watch.time = 5_001
  all('d')
  end('a')
  end('b')
  await sleep(0)
  expect(begun).toEqual(['a', 'b', 'not c', 'd'])
})

test('so many peers may be silent at once; one that has spoken makes room for another', async () => {
  const turns = new HandshakeTurns(LIMITS, new Watch())
  const words = [0, 1, 2].map(() => Promise.withResolvers<void>())
  const heard = words.map(({ promise }) => turns.hear(promise))
  expect(await turns.hear(Promise.resolve())).toBe(false)
  for (const word of words) word.resolve()
  expect(await Promise.all(heard)).toEqual([true, true, true])
  expect(await turns.hear(Promise.resolve())).toBe(true)
})
