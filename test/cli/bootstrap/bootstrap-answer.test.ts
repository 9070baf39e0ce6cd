import { describe, expect, it } from 'vitest'
import { completedAnswer } from '../../../src/cli/bootstrap/bootstrap-answer.ts'
import { CommandFailure } from '../../../src/cli/errors/errors.ts'

const RESULT = {
  kind: 'completed',
  outcome: {
    completed: true,
    sessionId: 'session',
    redemptionId: 'redemption',
    tallyId: 'tally-of-both',
    role: 'foil',
    partner: { peerId: '12D3KooWAlice', identity: { name: 'Alice' } },
    database: { engine: 'local', endpoint: 'here', credentialsRef: 'ref' },
    status: 'confirmed',
    durationMs: 12,
  },
} as const

describe.each(['no_words', 'words_differ', 'interrupted'] as const)(
  'a bootstrap whose words were to be compared, and were not (%s),',
  (code) => {
    it('fails with that code, and tells the tally that is there to people and to programs', () => {
      const shown: string[] = []
      const failure = new CommandFailure(code)
      const told = { words: null, compared: false, failure }
      let thrown: unknown
      try {
        completedAnswer(RESULT, told, undefined, (text) => shown.push(text))
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({
        code,
        document: { tallyId: 'tally-of-both', compared: false, words: null },
      })
      expect(shown.join()).toContain('Tally tally-of-both')
    })
  },
)

it('words that there are and nobody was asked about are told with the tally', () => {
  const words = ['clip', 'orbit', 'shrug', 'velvet']
  const answer = completedAnswer(RESULT, { words, compared: false }, undefined, () => undefined)
  expect(answer.text).toContain('Words to compare with your partner: clip orbit shrug velvet')
})
