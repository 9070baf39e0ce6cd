import { expect, it } from 'vitest'
import { requiredFields } from '../../src/hooks/required-fields.ts'
import { identityAnswer } from '../../src/session/host/hook-answers.ts'

const CONTEXT = {
  signal: new AbortController().signal,
  sessionId: 'session',
  deadline: 0,
  peerId: 'peer',
}

it('names every missing field, however many and long they are, in a refusal that fits', async () => {
  const fields = Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(64, 'x'))
  const answer = await requiredFields.validate({}, fields, CONTEXT)
  const { data } = identityAnswer.safeParse(answer)
  expect(data).toMatchObject({ refused: 'identity_required', fields })
})

it('says in the sentence what is missing if there is room', async () => {
  const answer = await requiredFields.validate({ email: ' ' }, ['name', 'email'], CONTEXT)
  expect(answer).toEqual({
    refused: 'identity_required',
    reason: 'this invitation asks for: name, email',
    fields: ['name', 'email'],
  })
})
