import { expect, test } from 'vitest'
import { failureOf } from '../../../src/cli/bootstrap/result-failure.ts'
import { reportOf } from '../../../src/cli/failure/error-report.ts'

const EXPIRED = {
  kind: 'expired',
  expiresAt: Date.UTC(2026, 11, 1),
  ownTime: Date.UTC(2026, 11, 2),
} as const
const SAID = { type: 'ProvisioningResult', approved: false, code: 'expired', reason: '' } as const

function told(result: Parameters<typeof failureOf>[0]) {
  const { code, exitCode, message, nextStep } = reportOf(failureOf(result))
  return { code, exitCode, text: `${message} ${nextStep}` }
}

test('what has expired by the own clock alone names both times and that clock', () => {
  const { code, exitCode, text } = told({ ...EXPIRED, said: undefined })
  expect({ code, exitCode }).toEqual({ code: 'expired', exitCode: 4 })
  for (const word of ['2026-12-01', '2026-12-02', 'this computer’s clock', 'could not be reached'])
    expect(text).toContain(word)
})

test('what has expired by both clocks names the time, and asks for a new invitation', () => {
  const { text } = told({ ...EXPIRED, said: SAID })
  expect(text).toContain('2026-12-01')
  expect(text).toContain('new invitation')
  expect(text).not.toContain('clock')
})

test('what has expired by the inviter’s clock alone names both clocks', () => {
  const { text } = told({ ...EXPIRED, ownTime: Date.UTC(2026, 10, 30), said: SAID })
  for (const word of ['2026-12-01', '2026-11-30', 'inviter’s clock', 'this computer’s clock'])
    expect(text).toContain(word)
})
