import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openContext } from '../../../src/cli/context.ts'
import type { Locations } from '../../../src/cli/locations.ts'
import { listTokens, type TokenListFlags, tokensText } from '../../../src/cli/token/list-tokens.ts'
import type { TokenToIssue } from '../../../src/store/ledger/tokens.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { claimOf, grantOf, requestOf, reserve, tokenToIssue } from '../../store/fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const NOW = Date.now()
const HOUR = 3_600_000

let locations: Locations

/** Stores tokens, each made a minute before the one that is named before it. */
async function withTokens(tokens: readonly (Partial<TokenToIssue> & { readonly id: string })[]) {
  const context = openContext(locations, () => undefined)
  const store = await context.store()
  if (!(store instanceof Store)) throw new TypeError('it is no file')
  await store.transact(function* () {
    for (const [at, token] of tokens.entries()) {
      const times = { issuedAt: NOW - at * 60_000, expiresAt: NOW + HOUR }
      yield* tokenRecords.issue({ ...tokenToIssue(token.id, 1), ...times, ...token })
    }
  })
  return { store, close: () => context.close() }
}

async function idsOf(flags: Partial<TokenListFlags> = {}) {
  const { tokens } = await listTokens(locations, { limit: 50, ...flags })
  return tokens.map(({ id }) => id)
}

beforeEach(async () => {
  const directory = await temporaryDirectory()
  locations = { dataDirectory: join(directory, 'd'), settingsDirectory: join(directory, 'd') }
})

describe('a list of invitations', () => {
  it('is paged: says how many there are, and which flag shows the next', async () => {
    const ids = Array.from({ length: 25 }, (_, at) => `token${String(at).padStart(2, '0')}`)
    const { close } = await withTokens(ids.map((id) => ({ id })))
    await close()
    const pages: string[][] = []
    let before: string | undefined
    for (;;) {
      const page = await listTokens(locations, { limit: 10, before })
      expect(page).toMatchObject({ shown: page.tokens.length, total: 25 })
      pages.push(page.tokens.map(({ id }) => id))
      if (page.next === null) break
      before = page.next
    }
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5])
    expect(pages.flat()).toEqual(ids)
    const first = await listTokens(locations, { limit: 10 })
    const text = tokensText(first, Number.POSITIVE_INFINITY, { now: NOW, relative: false })
    expect(text.split('\n').at(-1)).toBe('10 of 25 invitations; the next: --before token09')
  })

  it('made at one moment is in the order of ids, and no page leaves one out', async () => {
    const tokens = ['c', 'a', 'b'].map((id) => ({ id, issuedAt: NOW }))
    const { close } = await withTokens(tokens)
    await close()
    const first = await listTokens(locations, { limit: 2 })
    expect(first).toMatchObject({ tokens: [{ id: 'a' }, { id: 'b' }], next: 'b' })
    expect(await idsOf({ before: 'b' })).toEqual(['c'])
  })

  it('is filtered by status, label, role and time, as each page of it says', async () => {
    const { store, close } = await withTokens([
      { id: 'open', label: 'Lunch on Tuesday' },
      { id: 'used', role: 'foil' },
      { id: 'expired', expiresAt: NOW - 1 },
      { id: 'revoked', expiresAt: NOW - 1, issuedAt: NOW - 48 * HOUR },
      { id: 'standing', uses: null },
    ])
    const reserved = reserve(store, requestOf(grantOf('used', 1), 'bob', { now: NOW }))
    const claim = claimOf(await reserved)
    await store.write(({ redemptions, tokens }) => {
      redemptions.commit(claim, { tallyId: 't', delivery: 'confirmed' }, NOW)
      tokens.revoke('revoked', NOW)
    })
    await close()
    for (const status of ['used', 'expired', 'revoked']) {
      expect(await idsOf({ status })).toEqual([status])
    }
    expect(await idsOf({ status: 'open' })).toEqual(['open', 'standing'])
    expect(await idsOf({ label: 'TUESday' })).toEqual(['open'])
    expect(await idsOf({ role: 'foil' })).toEqual(['used'])
    expect(await idsOf({ since: '24h', status: 'revoked' })).toEqual([])
    const all = await listTokens(locations, { limit: 50 })
    for (const { id, status } of all.tokens) {
      expect(status).toBe(id === 'standing' ? 'open' : id)
    }
    expect(await listTokens(locations, { limit: 1, status: 'open' })).toMatchObject({ total: 2 })
  })
})
