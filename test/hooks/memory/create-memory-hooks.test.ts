import { describe, expect, it } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import {
  DatabaseConflictError,
  DatabasesFullError,
  TokenExistsError,
} from '../../../src/hooks/memory/errors.ts'
import { MemoryAudit } from '../../../src/hooks/memory/memory-audit.ts'
import { MemoryDatabases } from '../../../src/hooks/memory/memory-databases.ts'
import { MemoryTokens } from '../../../src/hooks/memory/memory-tokens.ts'
import type { HookContext, ProvisionContext } from '../../../src/hooks/session-hooks.ts'
import { describeHooks } from '../../contract/hooks-contract.ts'

describeHooks('memory', ['deprovision', 'status', 'verify'], () => {
  const hooks = createMemoryHooks()
  return {
    hooks,
    issue: (token) => hooks.token.issue(token),
    revoke: (tokenId) => {
      hooks.token.revoke(tokenId)
    },
    dispose: () => {},
  }
})

const CONTEXT: HookContext = {
  signal: new AbortController().signal,
  sessionId: 's',
  deadline: 0,
  peerId: 'bob',
}

const TOKEN = {
  tokenId: 'token',
  secretHash: new Uint8Array(32).fill(7),
  info: {
    initiatorRole: 'foil',
    expiryUtc: '2026-01-01T00:00:00Z',
    identityRequirements: [],
    usesAllowed: null,
  },
} as const

const SHOWN = { ...CONTEXT, tokenId: TOKEN.tokenId, secretHash: TOKEN.secretHash }

function provisionContext(tallyId: string, text = '{}'): ProvisionContext {
  return { ...CONTEXT, tallyId, draftFor: () => ({ text, sha256: text }) }
}

describe('tokens in memory', () => {
  it('expire at the very millisecond, by the clock given', async () => {
    let now = Date.parse(TOKEN.info.expiryUtc) - 1
    const tokens = new MemoryTokens(() => now)
    tokens.issue(TOKEN)
    expect(await tokens.validate('token', SHOWN)).toMatchObject({ tokenId: 'token' })
    now += 1
    expect(await tokens.validate('token', SHOWN)).toMatchObject({ refused: 'expired' })
  })

  it('count each session’s use once', async () => {
    const tokens = new MemoryTokens()
    tokens.issue(TOKEN)
    for (const session of ['s1', 's2', 's1']) await tokens.markUsed('token', session, CONTEXT)
    expect(tokens.uses('token')).toBe(2)
    expect(tokens.uses('other')).toBeUndefined()
  })

  it('are never issued over, and keep their hash when the caller’s bytes change', async () => {
    const tokens = new MemoryTokens(() => 0)
    const secretHash = new Uint8Array(32).fill(7)
    tokens.issue({ ...TOKEN, secretHash })
    secretHash.fill(0)
    expect(() => tokens.issue(TOKEN)).toThrow(TokenExistsError)
    expect(await tokens.validate('token', SHOWN)).toMatchObject({ tokenId: 'token' })
  })

  it('are refused with a hash or an expiry that can not be', () => {
    const tokens = new MemoryTokens()
    const info = { ...TOKEN.info, expiryUtc: 'tomorrow' }
    expect(() => tokens.issue({ ...TOKEN, secretHash: new Uint8Array(31) })).toThrow(RangeError)
    expect(() => tokens.issue({ ...TOKEN, info })).toThrow(RangeError)
    expect(tokens.revoke('token')).toBe(false)
  })
})

describe('databases in memory', () => {
  it('hold the draft', async () => {
    const databases = new MemoryDatabases()
    await databases.provision('stock', 'alice', 'bob', 's', provisionContext('t', '{"a":1}'))
    expect(databases.draftOf('t')?.text).toBe('{"a":1}')
    expect(databases.draftOf('u')).toBeUndefined()
  })

  it('are never rebuilt as something else', async () => {
    const databases = new MemoryDatabases()
    await databases.provision('stock', 'alice', 'bob', 's', provisionContext('t'))
    const others = await Promise.allSettled([
      databases.provision('foil', 'alice', 'bob', 's', provisionContext('t')),
      databases.provision('stock', 'carol', 'bob', 's', provisionContext('t')),
      databases.provision('stock', 'alice', 'carol', 's', provisionContext('t')),
      databases.provision('stock', 'alice', 'bob', 's', provisionContext('t', '[]')),
    ])
    for (const other of others) {
      expect(other).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseConflictError) })
    }
    expect(databases.draftOf('t')?.text).toBe('{}')
  })

  it('beyond the limit are refused, those there are still found', async () => {
    const databases = new MemoryDatabases(1)
    const provision = (tallyId: string) =>
      databases.provision('stock', 'alice', 'bob', 's', provisionContext(tallyId))
    const first = await provision('t')
    await expect(provision('u')).rejects.toThrow(DatabasesFullError)
    expect(await provision('t')).toEqual(first)
  })
})

describe('audit events in memory', () => {
  it('are kept up to the limit, the oldest go first', () => {
    const audit = new MemoryAudit(3)
    for (let at = 0; at < 20; at++) {
      audit.logSession(at % 2 === 0 ? 'even' : 'odd', { type: 'state', at, data: {} })
      const kept = audit.events().map(({ event }) => event.at)
      expect(kept).toEqual([at - 2, at - 1, at].filter((n) => n >= 0))
    }
    expect(audit.events('odd').map(({ event }) => event.at)).toEqual([17, 19])
  })
})

describe('the host', () => {
  it('may bring tokens, identity and log of its own', () => {
    const tokens = new MemoryTokens()
    const identity = { validate: async () => false }
    const log = new MemoryAudit()
    const hooks = createMemoryHooks({ tokens, identity, log })
    expect(hooks).toMatchObject({ token: tokens, identity, audit: log })
  })
})
