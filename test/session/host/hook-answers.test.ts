import { expect, it } from 'vitest'
import { tokenAnswer } from '../../../src/session/host/hook-answers.ts'

const INFO = {
  tokenId: 'token',
  initiatorRole: 'stock',
  expiryUtc: '2030-01-01T00:00:00Z',
  identityRequirements: [],
  usesAllowed: null,
}

it('a token that is refused stays so, whatever else the answer tells of it', () => {
  const { data } = tokenAnswer.safeParse({ ...INFO, refused: 'revoked' })
  expect(data).toEqual({ refused: 'revoked' })
})

it('a refusal for a reason that there is not is no answer, whatever else it tells', () => {
  expect(tokenAnswer.safeParse({ ...INFO, refused: 'because' }).success).toBe(false)
})

it('a token with nothing against it is good', () => {
  expect(tokenAnswer.safeParse({ ...INFO, refused: undefined }).data).toMatchObject(INFO)
})
