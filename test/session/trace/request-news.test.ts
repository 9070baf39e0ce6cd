import { expect, it } from 'vitest'
import type { PendingRequest } from '../../../src/session/ports/uses/pending-request.ts'
import type { Answer, Write } from '../../../src/session/ports/write.ts'
import { requestNewsOf } from '../../../src/session/trace/request-news.ts'

const request = { id: 'asked', tokenId: 'token', peerId: 'bob' } as PendingRequest
const other = { ...request, id: 'other' }

function newsOf(write: Partial<Write>, answer: object | undefined): readonly string[] {
  const news = requestNewsOf(write as Write, answer as Answer)
  return news.map((each) => [each.request.id, each.state, 'cause' in each && each.cause].join(' '))
}

it.each<[string, Partial<Write>, object, readonly string[]]>([
  ['kept', { op: 'keepRequest' }, { kind: 'kept', request }, ['asked waiting false']],
  [
    'kept in place of another',
    { op: 'keepRequest' },
    { kind: 'kept', request, replaced: { request: other } },
    ['other over replaced', 'asked waiting false'],
  ],
  ['approved', { op: 'approveRequest' }, { kind: 'approved', request }, ['asked approved false']],
  [
    'denied with all else of its peer',
    { op: 'denyRequest' },
    { kind: 'denied', request, others: [{ request: other }] },
    ['asked denied false', 'other denied false'],
  ],
  ['declined', { op: 'decline' }, { ended: [{ request }] }, ['asked over declined']],
  ['ended', { op: 'endRequest' }, { ended: { request, end: 'changed' } }, ['asked over changed']],
  ...(['lapsed', 'cancelled', 'revoked'] as const).map(
    (reason): [string, object, object, string[]] => [
      `released as ${reason}`,
      { op: 'release', reason },
      { isReleased: true, request },
      [`asked over ${reason}`],
    ],
  ),
  [
    'released for any other reason',
    { op: 'release', reason: 'identity_refused' },
    { isReleased: true, request },
    ['asked over refused'],
  ],
])('a request that was %s is told as that', (_, write, answer, told) => {
  expect(newsOf(write, answer)).toEqual(told)
})

it.each<[string, Partial<Write>, object | undefined]>([
  ['refused', { op: 'keepRequest' }, { kind: 'refused', code: 'busy', reason: 'crowded' }],
  ['not decided', { op: 'approveRequest' }, { kind: 'none', why: 'gone' }],
  ['not over', { op: 'endRequest' }, {}],
  ['a use without a request', { op: 'release', reason: 'lapsed' }, { isReleased: true }],
  ['another kind of write', { op: 'commit' }, { isLast: true }],
  ['a write that was not answered', { op: 'decline' }, undefined],
])('nothing is told of what is %s', (_, write, answer) => {
  expect(newsOf(write, answer)).toEqual([])
})
