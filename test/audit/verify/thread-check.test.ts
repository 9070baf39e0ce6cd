import { describe, expect, it } from 'vitest'
import { ThreadCheck, type ThreadNames } from '../../../src/audit/verify/thread-check.ts'

const NAMES: ThreadNames = { sessionId: 'session', tokenId: 'token', peerId: 'peer' }
const FIRST = { seq: 1, sessionId: 'session', thread: null }
const LATER = { seq: 2, sessionId: null, thread: 1 }

/** Whether the later of two records is found, be the first one remembered or looked up. */
function isLaterFound(first: ThreadNames, later: ThreadNames): readonly boolean[] {
  const remembering = new ThreadCheck(() => undefined)
  remembering.isFound(FIRST, first)
  const lookingUp = new ThreadCheck((seq) => (seq === 1 ? first : undefined))
  return [remembering, lookingUp].map((check) => check.isFound(LATER, later))
}

describe('a record in a thread', () => {
  it('is found if the first one names the same', () => {
    expect(isLaterFound(NAMES, NAMES)).toEqual([true, true])
    expect(isLaterFound({ sessionId: 'session' }, { sessionId: 'session' })).toEqual([true, true])
  })

  it.each([
    ['session', { sessionId: 'other' }],
    ['invitation', { tokenId: 'other' }],
    ['invitation where the first one names none', { tokenId: undefined }],
    ['peer', { peerId: 'other' }],
  ])('is hidden if it names another %s', (_, other) => {
    expect(isLaterFound({ ...NAMES, ...other }, NAMES)).toEqual([false, false])
  })

  it('is hidden if the thread does not begin before it', () => {
    const check = new ThreadCheck(() => NAMES)
    expect(check.isFound({ ...LATER, thread: 2 }, NAMES)).toBe(false)
    expect(check.isFound({ ...LATER, sessionId: 'session' }, NAMES)).toBe(false)
  })
})
