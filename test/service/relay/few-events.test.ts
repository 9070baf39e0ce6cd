import { expect, test } from 'vitest'
import { ControlBudget } from '../../../src/network/guard/control-budget.ts'
import { FewEvents } from '../../../src/service/relay/few-events.ts'

function twoAtOnce() {
  const time = { now: 0 }
  const events = new FewEvents(new ControlBudget(2, () => time.now))
  const reserved = (peer: string) => ({ type: 'reserved', peer, address: '/ip4/1.2.3.4' }) as const
  const released = (peer: string) => ({ type: 'released', peer, ms: 1 }) as const
  const told = (...all: (ReturnType<typeof reserved> | ReturnType<typeof released>)[]) =>
    all.flatMap((event) => events.told(event))
  return { time, reserved, released, told }
}

test('as many beginnings as are allowed are told, each with its end', () => {
  const { reserved, released, told } = twoAtOnce()
  const all = [reserved('A'), released('A'), reserved('B'), released('B')]
  expect(told(...all)).toEqual(all)
})

test('one that is too many is told neither with its beginning nor its end, and counted before the next', () => {
  const { time, reserved, released, told } = twoAtOnce()
  const [first, second] = [reserved('A'), reserved('B')]
  expect(told(first, second, reserved('C'), released('C'), released('A'))).toEqual([
    first,
    second,
    { type: 'missed', count: 2 },
    released('A'),
  ])
  time.now = 1_000
  expect(told(reserved('C'), released('C'))).toEqual([reserved('C'), released('C')])
})
