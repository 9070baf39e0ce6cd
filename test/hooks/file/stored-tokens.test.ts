import { expect, it, onTestFinished } from 'vitest'
import { StoredTokens } from '../../../src/hooks/file/stored-tokens.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { HOUR, issue, T0, tokenToIssue } from '../../store/fixtures.ts'

it('an invitation is good until the instant at which it expires, and not in it', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  await issue(store, 'token', 1)
  let now = T0 + HOUR - 1
  const tokens = new StoredTokens(store, () => now)
  const { secretHash } = tokenToIssue('token', 1)
  const context = { ...CONTEXT, tokenId: 'token', secretHash }
  expect(await tokens.validate('token', context)).toMatchObject({ tokenId: 'token' })
  now += 1
  expect(await tokens.validate('token', context)).toEqual({ refused: 'expired' })
})

const CONTEXT = {
  signal: new AbortController().signal,
  sessionId: 's',
  peerId: 'p',
  deadline: Number.MAX_SAFE_INTEGER,
}

it('an invitation that is paused is not good, to whoever shows the right secret, until it goes on', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  await issue(store, 'token', 1)
  const tokens = new StoredTokens(store, () => T0)
  const { secretHash } = tokenToIssue('token', 1)
  const context = { ...CONTEXT, tokenId: 'token', secretHash }
  await store.transact(() => tokenRecords.pause('token', T0))
  expect(await tokens.validate('token', context)).toEqual({ refused: 'paused' })
  const wrong = { ...context, secretHash: new Uint8Array(32) }
  expect(await tokens.validate('token', wrong)).toEqual({ refused: 'invalid_token' })
  await store.transact(() => tokenRecords.resume('token'))
  expect(await tokens.validate('token', context)).toMatchObject({ tokenId: 'token' })
})
