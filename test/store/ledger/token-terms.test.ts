import { describe, expect, it } from 'vitest'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Reservations } from '../../../src/store/ledger/reservations.ts'
import { Tokens } from '../../../src/store/ledger/tokens.ts'
import { MemoryStore } from '../../../src/store/memory/memory-store.ts'
import { grantOf, requestOf, T0, tokenToIssue } from '../fixtures.ts'

const CHANGES = 20

function termsOf(price: number) {
  return { required: [], optional: [], terms: { price } }
}

/** The terms that are kept of a token that was changed often, and on whose third terms somebody has reserved a use. */
interface Kept {
  readonly count: number
  readonly terms: unknown
}

function keptBySqlite(): Kept {
  const database = openMemoryDatabase()
  const [tokens, reservations] = [new Tokens(database), new Reservations(database)]
  const { secretHash: _, ...token } = tokenToIssue('t', null)
  for (let price = 0; price < CHANGES; price += 1) {
    tokens.mirror({ ...token, ...termsOf(price) })
    const grant = { ...grantOf('t', null), ...termsOf(price) }
    if (price === 2) reservations.reserve(requestOf(grant, 'bob'))
  }
  const rows = database.prepare('SELECT terms FROM past_terms').all()
  database.close()
  return { count: rows.length, terms: JSON.parse(String(rows[0]?.['terms'])) }
}

async function keptInMemory(): Promise<Kept> {
  const store = new MemoryStore({ turns: 0 })
  store.issueToken(tokenToIssue('t', null))
  for (let price = 0; price < CHANGES; price += 1) {
    store.changeTerms('t', termsOf(price))
    const grant = { ...grantOf('t', null), ...termsOf(price) }
    const facts = { sessionId: 's', peerId: 'bob', at: T0, monotonic: 1 }
    const request = requestOf(grant, 'bob')
    if (price === 2) await store.submit([{ op: 'reserve', request, facts }]).durable
  }
  const kept = Object.values(store.rows.tokens.get('t')?.pastTerms ?? {})
  store.close()
  return { count: kept.length, terms: kept[0]?.terms }
}

describe.each([
  ['SQLite', keptBySqlite],
  ['plain', keptInMemory],
])('the %s engine', (_, kept) => {
  it('keeps no former terms but those that a use stands on, however often they change', async () => {
    expect(await kept()).toEqual({ count: 1, terms: { price: 2 } })
  })
})
