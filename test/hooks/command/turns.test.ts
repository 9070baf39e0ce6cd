import { expect, it } from 'vitest'
import { Turns } from '../../../src/hooks/command/turns.ts'

const NEVER = new AbortController().signal

it('so many go at once, the others in the order in which they came', async () => {
  const turns = new Turns(2, 10)
  const order: number[] = []
  const ends: ((() => void) | undefined)[] = []
  const all = [1, 2, 3, 4].map(async (each) => {
    const end = await turns.take(NEVER)
    order.push(each)
    ends.push(end)
  })
  await Promise.all(all.slice(0, 2))
  expect([order, turns.waiting]).toEqual([[1, 2], 2])
  ends[0]?.()
  ends[0]?.()
  await all[2]
  expect([order, turns.waiting]).toEqual([[1, 2, 3], 1])
  ends[1]?.()
  await all[3]
  expect(order).toEqual([1, 2, 3, 4])
})

it('beyond the bound nobody waits', async () => {
  const turns = new Turns(1, 1)
  const end = await turns.take(NEVER)
  const waiting = turns.take(NEVER)
  expect(await turns.take(NEVER)).toBeUndefined()
  end?.()
  expect(await waiting).toBeDefined()
})

it('whoever gives up makes room, and takes no turn away', async () => {
  const turns = new Turns(1, 1)
  const end = await turns.take(NEVER)
  const leaving = new AbortController()
  const left = turns.take(leaving.signal)
  leaving.abort(new Error('enough'))
  await expect(left).rejects.toThrow('enough')
  expect(turns.waiting).toBe(0)
  const next = turns.take(NEVER)
  end?.()
  expect(await next).toBeDefined()
  await expect(turns.take(leaving.signal)).rejects.toThrow('enough')
})
