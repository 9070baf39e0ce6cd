import { expect, test } from 'vitest'
import {
  dialFailure,
  isTurnedAway,
  problemInWords,
} from '../../../src/network/dial/dial-failure.ts'
import { DialAttemptError } from '../../../src/network/errors.ts'
import { changed } from '../../../src/network/patch/packages.ts'
import { WrongPeerError } from '../../../src/session/errors.ts'

const ADDRESS = '/ip4/127.0.0.1/tcp/1'
const NOT_TAKEN = { timedOut: false, isTaken: false, isCutOff: false }

function coded(code: string): Error {
  return Object.assign(new Error('as the system says it'), { code })
}

test('a wrong peer at one address means more than silence at another', () => {
  const wrong = new WrongPeerError('somebody else')
  const errors = [
    new DialAttemptError(ADDRESS, { ...NOT_TAKEN, cause: coded('ECONNREFUSED') }),
    new DialAttemptError(ADDRESS, { ...NOT_TAKEN, cause: wrong }),
  ]
  expect(dialFailure([ADDRESS, ADDRESS], new AggregateError(errors, 'all'))).toBe(wrong)
})

test('a changed package is told, whatever else went wrong', () => {
  const error = changed('@libp2p/tcp', 'TCPSocketMultiaddrConnection.socket')
  const refused = new DialAttemptError(ADDRESS, { ...NOT_TAKEN, cause: coded('ECONNREFUSED') })
  expect(dialFailure([ADDRESS, ADDRESS], new AggregateError([refused, error], 'all'))).toBe(error)
  expect(dialFailure([ADDRESS], error)).toBe(error)
})

test('an attempt is told by its address without the peer, and in words', () => {
  const peer = '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
  const cause = new Error('wrapped', { cause: coded('EHOSTUNREACH') })
  const error = new DialAttemptError(`${ADDRESS}/p2p/${peer}`, { ...NOT_TAKEN, cause })
  expect(dialFailure([ADDRESS], error)).toMatchObject({
    code: 'unreachable',
    attempts: [{ address: ADDRESS, problem: 'no way to that host' }],
  })
})

test('an error that means something else stays what it is', () => {
  const error = new TypeError('a defect')
  expect(dialFailure([ADDRESS], error)).toBe(error)
  expect(problemInWords(error)).toBe('no connection')
  // Also beside addresses that are only silent: it must not be told as a network's fault.
  const refused = new DialAttemptError(ADDRESS, { ...NOT_TAKEN, cause: coded('ECONNREFUSED') })
  const all = new AggregateError([refused, error], 'all')
  expect(dialFailure([ADDRESS, ADDRESS], all)).toBe(all)
})

test.each([
  [{ ...NOT_TAKEN, isCutOff: true }, true],
  [{ ...NOT_TAKEN, timedOut: true, isTaken: true }, true],
  [{ ...NOT_TAKEN, timedOut: true }, false],
  [NOT_TAKEN, false],
])('%j is being turned away: %j', (facts, isAway) => {
  const error = new DialAttemptError(ADDRESS, { ...facts, cause: coded('ECONNREFUSED') })
  expect(isTurnedAway(error)).toBe(isAway)
  expect(isTurnedAway(new AggregateError([new Error('another'), error], 'all'))).toBe(isAway)
})

test.each([new Event('error'), 'nothing', 7])(
  'an address that failed with %s, which is no error, has no reason',
  (cause) => {
    expect(problemInWords(cause)).toBe('no connection')
  },
)
