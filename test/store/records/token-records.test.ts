import { beforeEach, describe, expect, it } from 'vitest'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { issue, T0, tokenToIssue } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

describe('the tokens', () => {
  it('keeps a token as issued, and gives its hash only to who looks for the secret', async () => {
    const token = { ...tokenToIssue('t', 5), label: 'lunch', required: ['name'], terms: { a: [1] } }
    await store.transact(() => tokenRecords.issue(token))
    const { secretHash, ...shown } = token
    const found = { ...shown, used: 0, reserved: 0, revision: 0 }
    expect(await store.query(() => tokenRecords.find('t'))).toEqual(found)
    expect(await store.query(() => tokenRecords.lookUp('t'))).toEqual({ token: found, secretHash })
    expect(await store.query(() => tokenRecords.startingWith('t'))).toEqual([found])
    expect(await store.query(() => tokenRecords.lookUp('unknown'))).toBeUndefined()
  })

  it('takes nothing but a whole id for a token', async () => {
    await issue(store, 'abc', 1)
    for (const id of ['', 'a', 'ab', 'bc', 'abcd', 'ABC', 'ab%', 'ab_', 'ab*', 'ab?']) {
      expect(await store.query(() => tokenRecords.find(id))).toBeUndefined()
      expect(await store.query(() => tokenRecords.lookUp(id))).toBeUndefined()
      expect(store.repositories.tokens.grantOf(id)).toBeUndefined()
      expect(await store.transact(() => tokenRecords.revoke(id, T0))).toBe(false)
    }
    expect((await store.query(() => tokenRecords.find('abc')))?.revokedAt).toBeUndefined()
  })

  it('revokes a token once', async () => {
    await issue(store, 't', 1)
    expect(await store.transact(() => tokenRecords.revoke('t', T0 + 1))).toBe(true)
    expect(await store.transact(() => tokenRecords.revoke('t', T0 + 2))).toBe(false)
    expect(await store.transact(() => tokenRecords.revoke('unknown', T0))).toBe(false)
    expect((await store.query(() => tokenRecords.find('t')))?.revokedAt).toBe(T0 + 1)
  })

  it('has no secret of a token that a foreign hook vouches for', async () => {
    const { secretHash: _, ...limits } = tokenToIssue('foreign', 1)
    expect(store.repositories.tokens.mirror(limits)).toBe(true)
    expect(store.repositories.tokens.mirror(limits)).toBe(false)
    expect(await store.query(() => tokenRecords.lookUp('foreign'))).toBeUndefined()
    expect(store.repositories.tokens.grantOf('foreign')).toMatchObject({ usesAllowed: 1 })
    expect(store.repositories.tokens.grantOf('unknown')).toBeUndefined()
  })

  it('of one moment are each on one page of the list, and on no other', async () => {
    for (const id of ['b', 'd', 'a', 'c', 'e']) await issue(store, id, 1)
    const pageAfter = (before?: string) =>
      store.query(() =>
        tokenRecords.list(before === undefined ? { limit: 2 } : { limit: 2, before }),
      )
    const seen: string[] = []
    for (let page = await pageAfter(); page.length > 0; page = await pageAfter(seen.at(-1))) {
      seen.push(...page.map(({ id }) => id))
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})
