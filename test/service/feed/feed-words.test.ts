import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { REFUSAL_CODES } from '../../../src/protocol/message/messages.ts'
import { FEED_WORDS } from '../../../src/service/feed/feed-words.ts'
import { SESSION_STATES, statesInWords } from '../../../src/service/feed/session-states.ts'

/** The causes that only this side knows, as their type lists them. */
const LOCAL_CAUSES = [
  ...(/LocalCause =([\s\S]*?)\n\nexport/
    .exec(read('session/machine/failure.ts'))?.[1]
    ?.matchAll(/\| '(\w+)'/g) ?? []),
].map(([, code = '']) => code)

const STOP_REASONS = [
  ...(/StopReason =([\s\S]*?)\n\nconst/
    .exec(read('service/feed/stop-reasons.ts'))?.[1]
    ?.matchAll(/\| '([\w-]+)'/g) ?? []),
].map(([, code = '']) => code)

function read(path: string): string {
  return readFileSync(new URL(`../../../src/${path}`, import.meta.url), 'utf8')
}

it('every reason and every state has words of its own, and none of them looks like a code', () => {
  expect(LOCAL_CAUSES.length).toBeGreaterThan(15)
  expect(STOP_REASONS.length).toBeGreaterThan(7)
  const all = [
    [FEED_WORDS.reason, [...REFUSAL_CODES, ...LOCAL_CAUSES]],
    [FEED_WORDS.state, SESSION_STATES],
    [FEED_WORDS.stop, STOP_REASONS],
  ] as const
  for (const [inWords, codes] of all) {
    const words = codes.map(inWords)
    for (const [at, text] of words.entries()) {
      expect(text).not.toBe(codes[at])
      expect(text).not.toMatch(/_|-is-/)
    }
    expect(new Set(words).size).toBe(codes.length)
  }
})

it('states that a text names are told in words, and nothing else in it is changed', () => {
  expect(statesInWords('4900 ms in AWAITING_ACK on an IPV6 address, ID X')).toBe(
    '4900 ms in "awaiting the result" on an IPV6 address, ID X',
  )
})

it('a reason of another version is told without its underscores, also one that every object has', () => {
  expect(FEED_WORDS.reason('sun_spots')).toBe('sun spots')
  expect(FEED_WORDS.reason('constructor')).toBe('constructor')
  expect(FEED_WORDS.stop('full-moon')).toBe('full moon')
})
