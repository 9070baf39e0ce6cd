import { expect, test } from 'vitest'
import { ControlBudget } from '../../../src/network/guard/control-budget.ts'

test('as many come at once as are allowed, and one more is too many', () => {
  const budget = new ControlBudget(3, () => 0)
  for (let index = 0; index < 3; index += 1) budget.spend()
  expect(() => budget.spend()).toThrow(RangeError)
})

test('those that were too many take nothing of what comes later', () => {
  let now = 0
  const budget = new ControlBudget(3, () => now)
  for (let index = 0; index < 1_000; index += 1) {
    try {
      budget.spend()
    } catch {
      // As expected of most.
    }
  }
  now = 1_000
  budget.spend()
  expect(() => budget.spend()).toThrow(RangeError)
})

test('one a second is never too many', () => {
  let now = 0
  const budget = new ControlBudget(3, () => now)
  for (let index = 0; index < 100; index += 1) {
    budget.spend()
    now += 1_000
  }
})
