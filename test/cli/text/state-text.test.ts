import { describe, expect, it } from 'vitest'
import { stateText } from '../../../src/cli/text/state-text.ts'
import { SESSION_STATES } from '../../../src/service/feed/session-states.ts'

describe('a state', () => {
  it('is told by a sign and in words', () => {
    expect(stateText('COMPLETED', true)).toBe('✓ completed')
    expect(stateText('TIMEOUT', true)).toBe('⌛ timed out')
    expect(stateText('VALIDATING_TOKEN', true)).toBe('… checking the token')
  })

  it('needs nothing but ASCII where the terminal has nothing else', () => {
    for (const state of SESSION_STATES) expect(stateText(state, false)).toMatch(/^[ -~]+$/)
  })

  it('is never told like another one', () => {
    const texts = SESSION_STATES.map((state) => stateText(state, false))
    expect(new Set(texts).size).toBe(SESSION_STATES.length)
  })

  it('of another version is told by its name', () => {
    expect(stateText('NEW_ONE', false)).toBe('. NEW_ONE')
  })
})
