import { expect, test } from 'vitest'
import { journalText } from '../../../src/session/run/journal-text.ts'

const BUILT = { tally: { tallyId: 't' }, draft: { text: '{"a":1}', sha256: 'd' } }
const WITHOUT_TEXT = { tally: { tallyId: 't' }, draft: { text: '', sha256: 'd' } }

test('an event is kept as it is, member by member', () => {
  expect(journalText({ type: 'sent' })).toBe('{"type":"sent"}')
  const delegated = { type: 'approval', approval: { tallyId: 't' }, responseHash: 'h' }
  expect(journalText(delegated)).toBe(JSON.stringify(delegated))
})

test("a draft's text is left out, its hash is kept", () => {
  const provisioned = { type: 'provisioned', built: BUILT }
  expect(JSON.parse(journalText(provisioned))).toEqual({ ...provisioned, built: WITHOUT_TEXT })
  const approval = { type: 'approval', approval: { built: BUILT }, responseHash: 'h' }
  const kept = { ...approval, approval: { built: WITHOUT_TEXT } }
  expect(JSON.parse(journalText(approval))).toEqual(kept)
})

test('the hash that only this process needs is not written', () => {
  const event = { type: 'approval', approval: {}, responseHash: 'h', contentHash: 'c' }
  expect(journalText(event)).toBe('{"type":"approval","approval":{},"responseHash":"h"}')
})
