import { expect, it } from 'vitest'
import { hookContextIn } from '../../../src/session/host/hook-context.ts'
import { StepScope } from '../../../src/session/host/step-scope.ts'

const CALLER = { sessionId: 's1', deadline: 5, peerId: 'p1' }

it('a hook that does not look at its signal has none made, also if more is told it', () => {
  let looked = 0
  const scope = {
    get signal() {
      looked += 1
      return new AbortController().signal
    },
  }
  const context = Object.assign(hookContextIn(scope, CALLER), { tallyId: 't1' })
  const { sessionId, tallyId } = context
  expect([sessionId, tallyId, looked]).toEqual(['s1', 't1', 0])
  expect(context.signal.aborted).toBe(false)
  expect(looked).toBe(1)
})

it('a hook that copies its context copies a signal that ends with the step', () => {
  const scope = new StepScope()
  const copy = { ...hookContextIn(scope, CALLER, { redemptionId: 'r1', fence: 2 }) }
  expect(copy).toMatchObject({ ...CALLER, redemptionId: 'r1', fence: 2 })
  scope.end()
  expect(copy.signal.aborted).toBe(true)
})

it('a hook that looks at its signal after the step is told that it is over', () => {
  const scope = new StepScope()
  const context = hookContextIn(scope, CALLER)
  scope.end()
  expect(context.signal.aborted).toBe(true)
})

it('who waits for the end of a step is called once, and at once if it has ended', () => {
  const scope = new StepScope()
  const told: string[] = []
  scope.onEnd(() => told.push('then'))
  expect(told).toEqual([])
  scope.end()
  scope.end()
  scope.onEnd(() => told.push('at once'))
  expect(told).toEqual(['then', 'at once'])
})
