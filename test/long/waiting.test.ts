import { test } from 'vitest'
import { inviteeGoesOn, inviterStartsAgain } from '../e2e/support/asking.ts'

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'an inviter that is ended by %s and started again while somebody waits calls it all the same',
  inviterStartsAgain,
)

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const)(
  'an invitee that is ended by %s while it waits goes on with the same link',
  inviteeGoesOn,
)
