import fc from 'fast-check'
import { expect, it } from 'vitest'
import { completedText } from '../../../src/cli/bootstrap/bootstrap-document.ts'
import { offerText } from '../../../src/cli/bootstrap/offer-text.ts'
import { failureOfRefusal } from '../../../src/cli/bootstrap/result-failure.ts'
import { identityText } from '../../../src/cli/config/identity.ts'
import { CommandFailure, UsageError } from '../../../src/cli/errors/errors.ts'
import { errorText, reportOf } from '../../../src/cli/failure/error-report.ts'
import { plainLine } from '../../../src/cli/lines/listen-lines.ts'
import { ListenSummary } from '../../../src/cli/listen/listen-summary.ts'
import { reapText } from '../../../src/cli/reaping/reap-leftovers.ts'
import { recoveryText } from '../../../src/cli/recovery/recover.ts'
import { stuckText } from '../../../src/cli/recovery/stuck.ts'
import { statusDocument } from '../../../src/cli/service/status-document.ts'
import { statusText } from '../../../src/cli/service/status-text.ts'
import { receiptText } from '../../../src/cli/tally/verify-receipt.ts'
import { auditText } from '../../../src/cli/text/audit-text.ts'
import { jsonText } from '../../../src/cli/text/json-text.ts'
import { renderTable } from '../../../src/cli/text/table.ts'
import { inspectedText } from '../../../src/cli/token/inspect-link.ts'
import type { ListenEvent } from '../../../src/service/feed/event-feed-event.ts'
import type { SeenOffer } from '../../../src/service/redeeming/seen-offer.ts'
import { ANY_TEXT, foreignIn } from '../../support/cli/foreign-text.ts'
import { HOSTILE_STRINGS } from '../../support/hostile-strings.ts'
import { STATUS } from '../../support/listener-status.ts'

const STYLE = { now: 0, relative: false }
const WIDTH = Number.POSITIVE_INFINITY
const AT = '2026-11-22T08:00:00.000Z'

function offerWith(text: string): SeenOffer {
  return {
    type: 'Offer',
    inviter: text,
    role: 'stock',
    name: text,
    terms: { [text]: [text] },
    required: [text],
    optional: [`${text}.`],
    expiresAt: 1_795_000_000,
  }
}

function summaryOf(events: readonly ListenEvent[]): string {
  const summary = new ListenSummary()
  for (const event of events) summary.note(event)
  return summary.text()
}

const session = (t: string): ListenEvent => ({
  type: 'session',
  at: 1,
  id: t,
  side: 'listener',
  state: t,
  peerId: t,
  reason: t,
  step: t,
  detail: t,
  tallyId: t,
  startedAt: 1,
  since: 1,
})

/** All that people are shown, with a stranger's text wherever there can be one. */
const SHOWN: Readonly<Record<string, (text: string) => string | undefined>> = {
  'an offer': (t) => offerText(offerWith(t), { identity: { [t]: t }, cadre: [t] }, WIDTH),
  'a tally that came of it': (t) =>
    completedText(
      {
        completed: true,
        sessionId: t,
        redemptionId: t,
        tallyId: t,
        role: 'stock',
        partner: { peerId: t, identity: { name: t } },
        database: { engine: t, endpoint: t, credentialsRef: t },
        status: 'confirmed',
        durationMs: 1,
      },
      { words: ['clip'], compared: false },
    ),
  'a refusal': (t) =>
    errorText(
      reportOf(
        failureOfRefusal({
          type: 'ProvisioningResult',
          approved: false,
          code: 'declined',
          reason: t,
        }),
      ),
    ),
  'fields that are missing': (t) =>
    errorText(reportOf(new CommandFailure('identity_required', { fields: [t, t] }))),
  'an error of a hook': (t) => errorText(reportOf(new Error(t))),
  'an error of Node': (t) => errorText(reportOf(Object.assign(new Error(t), { code: 'EACCES' }))),
  'wrong usage that quotes a file': (t) => errorText(reportOf(new UsageError(`x ${t}`))),
  'who this party is': (t) => identityText({ peerId: t, identity: { [t]: t }, cadre: [t] }),
  'a link': (t) =>
    inspectedText(
      {
        id: t,
        peerId: t,
        role: 'stock',
        expiresAt: AT,
        now: '2026-11-30T00:00:00.000Z',
        expired: false,
        addresses: [{ address: t, scope: 'public' }],
        nodes: true,
        reach: t,
      },
      WIDTH,
      STYLE,
    ),
  'records of the audit': (t) =>
    auditText(
      [
        { seq: 1, at: AT, severity: 'info', type: 'token', data: { event: t, [t]: t, n: [t] } },
      ] as unknown as Parameters<typeof auditText>[0],
      { ...STYLE, width: WIDTH },
    ),
  'the status': (t) => {
    const problem = { code: t, detail: t }
    const status = {
      ...STATUS,
      peerId: t,
      addresses: [t],
      http: t,
      health: { ready: false, problems: [problem], warnings: [problem] },
      refused: { [t]: 1 },
      limits: [{ key: t, value: t, source: t }],
    } as unknown as typeof STATUS
    return statusText(statusDocument(status, undefined, t), WIDTH)
  },
  'no status': (t) => statusText(statusDocument(undefined, undefined, t), WIDTH),
  'a receipt': (t) =>
    receiptText(
      {
        receipt: { role: 'stock', inviter: t, invitee: t, tokenId: t, draft: t, approvedAt: 1 },
        signatures: { inviter: 'good', invitee: 'good' },
      } as unknown as Parameters<typeof receiptText>[0],
      WIDTH,
      STYLE,
    ),
  'what is stuck': (t) =>
    stuckText({
      shown: 1,
      total: 1,
      stuck: [
        {
          what: 'removal',
          tallyId: t,
          tokenId: null,
          sessionId: t,
          peerId: t,
          reason: t,
          since: AT,
          tries: 1,
          nextTry: AT,
          lastError: t,
        },
      ],
    }),
  'what was recovered': (t) =>
    recoveryText(
      {
        dryRun: false,
        sessions: [{ id: t, peerId: t, state: t, journalBroken: true }],
        things: [{ kind: 'offer', id: t, peerId: t, decision: 'wait', why: t }],
      } as unknown as Parameters<typeof recoveryText>[0],
      (text) => text,
    ),
  'what was reaped': (t) =>
    reapText(
      {
        dryRun: false,
        shown: 1,
        total: 1,
        totals: { examined: 1, reaped: 1, left: 0 },
        policies: [
          {
            policy: 'idle',
            examined: 1,
            reaped: 1,
            ms: 1,
            skipped: [{ why: t, count: 1 }],
            things: [{ kind: 'session', id: t, side: 'dialer', state: t, peerId: t }],
          },
        ],
      },
      true,
    ),
  'a session that moves': (t) => plainLine(session(t)),
  'a stream that is refused': (t) => plainLine({ type: 'refused', at: 1, peerId: t, code: t }),
  'a problem': (t) => plainLine({ type: 'problem', at: 1, detail: t }),
  'a listener that listens': (t) =>
    plainLine({
      type: 'listening',
      at: 1,
      pid: 1,
      peerId: t,
      addresses: [t],
      startedAt: 1,
      http: t,
    }),
  'a setting that changes': (t) =>
    plainLine({
      type: 'config',
      at: 1,
      changes: [{ key: t, from: t, to: t, source: 'file', effect: 'now' }],
    }),
  'a listener that stops': (t) => plainLine({ type: 'stopped', at: 1, reason: t, cut: 1 }),
  'the sum of a run': (t) =>
    summaryOf([
      { type: 'problem', at: 1, detail: t },
      { type: 'stopped', at: 1, reason: t, cut: 0 },
    ]),
  'a narrow table': (t) =>
    renderTable(
      [
        { title: 'x', shrinkTo: 1 },
        { title: t, shrinkTo: 1 },
      ],
      [[t, t]],
      { width: 9, onCut: () => undefined },
    ),
  'a document': (t) => jsonText({ [`${t}.`]: t, more: [t] }, 2),
}

it.each(Object.entries(SHOWN))('no text can break out of its line in: %s', (_, show) => {
  const rows = show('x')?.split('\n').length ?? 0
  expect(rows).toBeGreaterThan(0)
  const check = (text: string): void => {
    const shown = show(text) ?? ''
    expect(foreignIn(shown), JSON.stringify(text)).toBeUndefined()
    expect(shown.split('\n'), JSON.stringify(text)).toHaveLength(rows)
  }
  for (const text of HOSTILE_STRINGS) check(text)
  fc.assert(
    fc.property(
      ANY_TEXT.filter((text) => text.trim() !== ''),
      check,
    ),
  )
})
