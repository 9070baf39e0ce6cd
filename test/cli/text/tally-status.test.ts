import { expect, test } from 'vitest'
import { statusInWords, statusText } from '../../../src/cli/text/tally-status.ts'

const STATUSES = ['offered', 'held', 'confirmed'] as const

test('what is held is told apart from what is confirmed, in words', () => {
  expect(statusText('held')).toContain('not confirmed')
  expect(statusInWords('held')).toContain('not confirmed')
  expect(statusText('confirmed')).not.toContain('not')
  expect(statusInWords('confirmed')).not.toContain('not')
})

test('each status begins with its own name, as scripts are told it', () => {
  for (const status of STATUSES) {
    expect(statusText(status)).toMatch(new RegExp(`^${status}`))
    expect(statusInWords(status)).toMatch(new RegExp(`^${status}: `))
  }
})
