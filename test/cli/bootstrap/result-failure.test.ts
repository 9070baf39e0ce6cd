import { describe, expect, it, test } from 'vitest'
import {
  failureOf,
  failureOfRefusal,
  withAttempts,
} from '../../../src/cli/bootstrap/result-failure.ts'
import { reportOf } from '../../../src/cli/failure/error-report.ts'
import { REFUSAL_CODES } from '../../../src/protocol/message/messages.ts'
import type { BootstrapFailed } from '../../../src/service/redeeming/redeem-result.ts'

const FAILED: BootstrapFailed = {
  completed: false,
  sessionId: 's',
  state: 'FAILED',
  reason: 'mismatch',
  step: 'AWAITING_RESPONSE',
  detail: 'the role in the link is not the one of this invitation',
  disclosed: ['name', 'email'],
  durationMs: 1,
}

const reportOfFailed = (changes: Partial<BootstrapFailed> = {}, wasBegun = false) =>
  reportOf(failureOf({ kind: 'failed', outcome: { ...FAILED, ...changes }, wasBegun }))

test.each(['used', 'stream_lost', 'step_deadline', 'invalid_token'] as const)(
  'a failed session (%s) is told of in words, in its sentence and its detail',
  (reason) => {
    const { detail: _, ...outcome } = FAILED
    const bare = failureOf({ kind: 'failed', outcome: { ...outcome, reason }, wasBegun: false })
    const denied = { tallyId: 't', since: 0 }
    for (const failure of [
      bare,
      failureOf({ kind: 'failed', outcome: { ...outcome, reason, denied }, wasBegun: false }),
    ])
      expect(reportOf(failure).message).not.toMatch(/[A-Z]{2}|_/)
    expect(reportOf(bare).message).toContain('while awaiting the response')
  },
)

describe('a mismatch', () => {
  it('that the inviter finds names what it was told', () => {
    const report = reportOfFailed()
    expect(report).toMatchObject({
      code: 'mismatch',
      exitCode: 7,
      foundBy: 'inviter',
      disclosed: ['name', 'email'],
    })
    expect(report.message).toContain('The inviter was told: name, email.')
    expect(report.message).not.toContain('othing was disclosed')
  })

  it('that this side finds has words of its own, and says that nothing was disclosed', () => {
    const report = reportOf(failureOf({ kind: 'changed' }))
    expect(report).toMatchObject({ code: 'mismatch', foundBy: 'invitee', disclosed: [] })
    expect(report.message).toContain('differs from what the link says')
    expect(report.message).toContain('Nothing was disclosed.')
    expect(reportOfFailed().message).not.toContain('differs from what the link says')
  })

  it('is not what an offer is that was changed since somebody said yes', () => {
    const outcome = { ...FAILED, reason: 'offer_changed', disclosed: [] } as const
    const report = reportOf(failureOf({ kind: 'failed', outcome, wasBegun: false }))
    expect(report).toMatchObject({ code: 'offer_changed', exitCode: 7, disclosed: [] })
    expect(report).not.toHaveProperty('foundBy')
  })
})

describe('a tally that the inviter denies', () => {
  const denied = { tallyId: 'tally-1', since: Date.UTC(2026, 10, 30) }

  it.each([
    ['in a session', reportOfFailed({ reason: 'invalid_token', denied })],
    [
      'by a look',
      reportOf(
        failureOf({
          kind: 'refused',
          denied,
          refusal: {
            type: 'ProvisioningResult',
            approved: false,
            code: 'invalid_token',
            reason: 'no',
          },
        }),
      ),
    ],
  ])(
    '%s is told with its id, its date and what to do, and not as a bad invitation',
    (_how, report) => {
      expect(report).toMatchObject({ code: 'tally_denied', exitCode: 7 })
      for (const word of ['You have a tally', 'tally-1', '2026-11-30', 'unknown invitation'])
        expect(report.message).toContain(word)
      expect(report.nextStep).toContain('taleus tally receipt tally-1')
      expect(report.nextStep).not.toContain('new invitation')
    },
  )
})

describe('a failure', () => {
  it.each(REFUSAL_CODES)('over a look that hears %s says that nothing was disclosed', (code) => {
    const refusal = { type: 'ProvisioningResult', approved: false, code, reason: 'no' } as const
    const report = reportOf(failureOfRefusal(refusal))
    expect(report.disclosed).toEqual([])
    expect(report.message).toMatch(/Nothing was disclosed\.$/)
  })

  it.each(REFUSAL_CODES)('over a request that hears %s names what was', (reason) => {
    expect(reportOfFailed({ reason }).message).toMatch(/The inviter was told: name, email\.$/)
  })

  it('of a later try does not speak for the earlier one', () => {
    const report = reportOfFailed({ reason: 'unreachable', disclosed: [] }, true)
    expect(report.message).toMatch(/Nothing was disclosed this time\.$/)
  })
})

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

test('where nobody was reached, each address is named with its problem', () => {
  const attempts = [{ address: '/ip4/10.0.0.1/tcp/1', problem: 'nobody listens there' }]
  const late = Object.assign(new Error('no answer in time'), { code: 'unreachable' })
  const report = reportOf(withAttempts(late, attempts))
  expect(report).toMatchObject({ code: 'unreachable', exitCode: 6, attempts, disclosed: [] })
  expect(report.message).toContain('\n  /ip4/10.0.0.1/tcp/1: nobody listens there')
  const other = new Error('something else')
  expect(withAttempts(other, attempts)).toBe(other)
})
