import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { auditDraft } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

describe('the audit log', () => {
  const append = (session: string | undefined, event: string) =>
    store.submit([{ op: 'appendAudit', draft: auditDraft(session, event) }])
  const events = (session: string) =>
    store.repositories.audit.ofSession(session).map(({ text }) => JSON.parse(text).data.event)

  it('is read page by page, whole and in order', () => {
    for (let index = 0; index < 1_501; index += 1) append(undefined, `e${index}`)
    const seqs = [...store.repositories.audit.rows()].map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: 1_501 }, (_, index) => index + 1))
    expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true, records: 1_501 })
  })

  it('can be read twice at once, and be written meanwhile', () => {
    for (let index = 0; index < 600; index += 1) append(undefined, `e${index}`)
    const one = store.repositories.audit.rows()
    const two = store.repositories.audit.rows()
    expect([one.next().value?.seq, two.next().value?.seq, one.next().value?.seq]).toEqual([1, 1, 2])
    append(undefined, 'later')
    expect([...one]).toHaveLength(599)
    expect([...two]).toHaveLength(600)
  })

  it('finds what belongs to a session among thousands of others that came between', () => {
    append('early', 'first')
    for (let index = 0; index < 5_000; index += 1) append(`s${index}`, 'only')
    append('early', 'late')
    append('s4999', 'second')
    expect(events('early')).toEqual(['first', 'late'])
    expect(events('s0')).toEqual(['only'])
    expect(events('s4999')).toEqual(['only', 'second'])
    expect(events('unknown')).toEqual([])
  })
})
