import { describe, expect, it } from 'vitest'
import { ThreadCheck, type ThreadNames } from '../../../src/audit/verify/thread-check.ts'

const NAMES: ThreadNames = { sessionId: 'session', tokenId: 'token', peerId: 'peer' }
const FIRST = { seq: 1, sessionId: 'session', thread: null }
const LATER = { seq: 2, sessionId: null, thread: 1 }

/** Whether the later of two records is found, be the first one remembered or looked up. */
function isLaterFound(first: ThreadNames, later: ThreadNames): readonly boolean[] {
  const remembering = new ThreadCheck()
  remembering.isFound(FIRST, first)
  const lookingUp = new ThreadCheck()
  lookingUp.learn(lookingUp.unknown(LATER) ?? 0, first)
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

  it('needs the names of its thread only as long as they are not known', () => {
    const check = new ThreadCheck()
    expect([check.unknown(FIRST), check.unknown(LATER)]).toEqual([undefined, 1])
    check.learn(1, NAMES)
    expect(check.unknown(LATER)).toBeUndefined()
  })

  it('is hidden if the thread is not there', () => {
    const check = new ThreadCheck()
    check.learn(1, undefined)
    expect(check.isFound(LATER, NAMES)).toBe(false)
  })

  it('is hidden if the thread does not begin before it', () => {
    const check = new ThreadCheck()
    check.learn(1, NAMES)
    check.learn(2, NAMES)
    for (const row of [
      { ...LATER, thread: 2 },
      { ...LATER, sessionId: 'session' },
    ]) {
      expect(check.unknown(row)).toBeUndefined()
      expect(check.isFound(row, NAMES)).toBe(false)
    }
  })
})
