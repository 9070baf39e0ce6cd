import { expect, it } from 'vitest'
import { RefusalTally } from '../../../src/service/trail/refusal-tally.ts'

it('any number of refusals is one record: how many, by how many, from when to when', () => {
  const tally = new RefusalTally()
  for (let n = 0; n < 100_000; n += 1) tally.add('rate_limited', `peer-${n % 7}`, 1_000 + n)
  tally.add('invalid_token', 'peer-1', 5)
  expect(tally.take()).toEqual({
    event: 'refused',
    reasons: {
      rate_limited: { count: 100_000, peers: 7, first: 1_000, last: 100_999 },
      invalid_token: { count: 1, peers: 1, first: 5, last: 5 },
    },
  })
  expect(tally.take()).toBeUndefined()
})

it('peers without number are counted up to a thousand', () => {
  const tally = new RefusalTally()
  for (let n = 0; n < 5_000; n += 1) tally.add('busy', `peer-${n}`, n)
  expect(tally.take()).toMatchObject({ reasons: { busy: { count: 5_000, peers: 1_000 } } })
})

it('what could not be recorded counts with what comes after it', () => {
  const tally = new RefusalTally()
  tally.add('busy', 'alice', 1)
  tally.add('draining', 'alice', 2)
  tally.take()
  tally.add('busy', 'bob', 3)
  tally.add('busy', 'alice', 4)
  tally.add('invalid_token', 'bob', 5)
  tally.takeBack()
  expect(tally.take()).toEqual({
    event: 'refused',
    reasons: {
      busy: { count: 3, peers: 2, first: 1, last: 4 },
      draining: { count: 1, peers: 1, first: 2, last: 2 },
      invalid_token: { count: 1, peers: 1, first: 5, last: 5 },
    },
  })
  expect(tally.take()).toBeUndefined()
})

it('the steps of what failed here are counted, also after a record that failed', () => {
  const tally = new RefusalTally()
  tally.add('step_deadline', 'bob', 1, 'VALIDATING_TOKEN')
  tally.add('busy', 'bob', 2)
  tally.take()
  tally.add('step_deadline', 'bob', 3, 'VALIDATING_TOKEN')
  tally.add('step_deadline', 'bob', 4, 'READING_REQUEST')
  tally.takeBack()
  const steps = { VALIDATING_TOKEN: 2, READING_REQUEST: 1 }
  expect(tally.take()).toEqual({
    event: 'refused',
    reasons: {
      step_deadline: { count: 3, peers: 1, first: 1, last: 4, steps },
      busy: { count: 1, peers: 1, first: 2, last: 2 },
    },
  })
})
