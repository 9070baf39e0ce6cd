import { expect, it } from 'vitest'
import { StepScope } from '../../../src/session/host/step-scope.ts'
import { TallyDatabases } from '../../../src/session/host/tally-databases.ts'

it('a tally is being built until the last of its builds has answered', () => {
  const databases = new TallyDatabases()
  const answers: (() => void)[] = []
  for (const scope of [new StepScope(), new StepScope()]) {
    databases.build(
      'tally',
      scope,
      (over) => answers.push(over),
      (goOn) => goOn(),
    )
  }
  expect(answers).toHaveLength(2)
  answers[0]?.()
  expect(databases.isCalled('tally')).toBe(true)
  answers[1]?.()
  expect(databases.isCalled('tally')).toBe(false)
})
