import { expect, it } from 'vitest'
import { InOrder } from '../../../src/service/feed/in-order.ts'

it('what waits for nothing is done at once, unless one before it waits', async () => {
  const done: string[] = []
  const order = new InOrder()
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  order.add(() => done.push('at once'))
  order.add(() => done.push('waits'), first.promise)
  order.add(() => done.push('waits longer'), second.promise)
  order.add(() => done.push('behind them'))
  expect(done).toEqual(['at once'])
  second.resolve()
  await new Promise(setImmediate)
  expect(done).toEqual(['at once'])
  first.resolve()
  await new Promise(setImmediate)
  expect(done).toEqual(['at once', 'waits', 'waits longer', 'behind them'])
  order.add(() => done.push('at once again'))
  expect(done.at(-1)).toBe('at once again')
})

it('what it waits for may fail, and so may it: the others are done', async () => {
  const done: string[] = []
  const order = new InOrder()
  order.add(() => done.push('though that failed'), Promise.reject(new Error('no store')))
  order.add(() => {
    throw new Error('a reader that throws')
  })
  order.add(() => done.push('last'))
  await new Promise(setImmediate)
  expect(done).toEqual(['though that failed', 'last'])
})
