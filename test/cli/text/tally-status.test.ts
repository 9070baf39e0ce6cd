import { expect, test } from 'vitest'
import { tallyStatusInWords, tallyStatusText } from '../../../src/cli/text/tally-status.ts'

const STATUSES = ['offered', 'held', 'confirmed'] as const

test('what is held is told apart from what is confirmed, in words', () => {
  expect(tallyStatusText('held')).toContain('not confirmed')
  expect(tallyStatusInWords('held', true)).toContain('not confirmed')
  expect(tallyStatusText('confirmed')).not.toContain('not')
  expect(tallyStatusInWords('confirmed', true)).not.toContain('not')
})

test('each status begins with its own name, as scripts are told it', () => {
  for (const status of STATUSES) {
    expect(tallyStatusText(status)).toMatch(new RegExp(`^${status}`))
    for (const isSigned of [true, false])
      expect(tallyStatusInWords(status, isSigned)).toMatch(new RegExp(`^${status}: `))
  }
})

test('that both sides have a tally is said only of one that somebody has signed for', () => {
  expect(tallyStatusInWords('confirmed', true)).toContain('both sides have it')
  expect(tallyStatusInWords('confirmed', false)).toContain('nothing is signed')
})
