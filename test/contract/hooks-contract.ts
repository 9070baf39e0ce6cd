import crypto from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  DatabaseResult,
  SessionAuditEvent,
  SessionHooks,
  TokenInfo,
} from '../../src/hooks/session-hooks.ts'
import { secretHashOf, tokenIdOf } from '../../src/protocol/link/secret.ts'
import type { BuiltDatabase } from '../../src/protocol/message/messages.ts'
import { replaceInModule } from '../support/replace-in-module.ts'
import {
  ALICE,
  BOB,
  context,
  draftFor,
  EXPIRED,
  INFO,
  provisionContext,
  RIGHT,
  secret,
  shown,
} from './hooks-fixtures.ts'

/** One set of hooks, fresh and empty, and what a test must be able to do to it. */
export interface HooksUnderTest {
  readonly hooks: SessionHooks
  issue(token: {
    readonly tokenId: string
    readonly secretHash: Uint8Array
    readonly info: Omit<TokenInfo, 'tokenId'>
  }): void | Promise<void>
  revoke(tokenId: string): void | Promise<void>
  /** Keeps the tally of a finished build, as the session does, if the hooks find it by that. */
  keep?(built: DatabaseResult): void | Promise<void>
  /** Let go of files, connections and the like. */
  dispose(): void | Promise<void>
}

/** What hooks may leave out. */
export type OptionalHook = 'reserve' | 'release' | 'deprovision' | 'status' | 'verify'

/**
 * What every implementation of the hooks must do, run against one of them.
 * @param offered the optional hooks it has; the others it must not have
 * @param everyBit how many bits of a secret's hash lie between two that are tried; 1 for all
 */
export function describeHooks(
  name: string,
  offered: readonly OptionalHook[],
  make: () => HooksUnderTest | Promise<HooksUnderTest>,
  everyBit = 1,
): void {
  describe(`${name} hooks`, () => {
    let current: HooksUnderTest
    beforeEach(async () => {
      current = await make()
    })
    afterEach(async () => {
      await current.dispose()
    })
    describeOffered(() => current.hooks, offered)
    describeTokens(() => current)
    describeComparison(() => current, everyBit)
    if (offered.includes('reserve')) describeReserve(() => current)
    describeIdentity(() => current.hooks)
    describeDatabases(() => current.hooks)
    if (offered.includes('status')) describeStatus(() => current)
    if (offered.includes('deprovision')) describeDeprovision(() => current.hooks)
    if (offered.includes('verify')) describeVerify(() => current.hooks)
    describeAborts(() => current)
    describeAudit(() => current.hooks)
  })
}

function describeOffered(the: () => SessionHooks, offered: readonly OptionalHook[]): void {
  it(`offer, of what is optional: ${offered.join(', ') || 'nothing'}`, () => {
    const { database, token } = the()
    const { release, reserve } = token
    const { deprovision, status, verify } = database
    const found = Object.entries({ reserve, release, deprovision, status, verify })
      .filter(([, hook]) => hook !== undefined)
      .map(([hook]) => hook)
    expect(found.toSorted()).toEqual(offered.toSorted())
  })
}

function describeTokens(the: () => HooksUnderTest): void {
  const validate = (token: typeof RIGHT) => the().hooks.token.validate(token.tokenId, shown(token))

  it('a token shown with its secret tells what it grants', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    expect(await validate(RIGHT)).toMatchObject({ ...INFO, tokenId: RIGHT.tokenId })
  })

  it('an unknown token and a wrong secret are refused with the same words', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    const wrongSecret = await validate({ ...RIGHT, secretHash: secretHashOf(secret(2)) })
    const unknown = await validate({ ...RIGHT, tokenId: tokenIdOf(secret(3)) })
    expect(wrongSecret).toMatchObject({ refused: 'invalid_token' })
    expect(unknown).toEqual(wrongSecret)
  })

  it('a hash of another length is refused with the same words', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    const wrong = await validate({ ...RIGHT, secretHash: secretHashOf(secret(2)) })
    for (const length of [0, 31, 33]) {
      expect(await validate({ ...RIGHT, secretHash: new Uint8Array(length) })).toEqual(wrong)
    }
  })

  it('an expired token says so to its holder, and nothing to a stranger', async () => {
    await the().issue({ ...RIGHT, info: EXPIRED })
    expect(await validate(RIGHT)).toMatchObject({ refused: 'expired' })
    const stranger = { ...RIGHT, secretHash: secretHashOf(secret(2)) }
    const nobody = { ...RIGHT, tokenId: tokenIdOf(secret(3)) }
    expect(await validate(stranger)).toEqual(await validate(nobody))
  })

  it('a revoked token says so to its holder, and nothing to a stranger', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    await the().revoke(RIGHT.tokenId)
    expect(await validate(RIGHT)).toMatchObject({ refused: 'revoked' })
    const stranger = { ...RIGHT, secretHash: secretHashOf(secret(2)) }
    const nobody = { ...RIGHT, tokenId: tokenIdOf(secret(3)) }
    expect(await validate(stranger)).toEqual(await validate(nobody))
  })

  it('a use may be marked twice, and for a token nobody knows', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    const { token } = the().hooks
    await token.markUsed(RIGHT.tokenId, 'session-1', context())
    await token.markUsed(RIGHT.tokenId, 'session-1', context())
    await token.markUsed(tokenIdOf(secret(3)), 'session-1', context())
    expect(await validate(RIGHT)).not.toMatchObject({ refused: 'invalid_token' })
  })
}

function describeComparison(the: () => HooksUnderTest, everyBit: number): void {
  const validate = (token: typeof RIGHT) => the().hooks.token.validate(token.tokenId, shown(token))

  it('a secret that is wrong in any one bit is refused', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    for (let bit = 0; bit < RIGHT.secretHash.length * 8; bit += everyBit) {
      const secretHash = Uint8Array.from(RIGHT.secretHash)
      secretHash[bit >> 3] = (secretHash[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await validate({ ...RIGHT, secretHash })).toMatchObject({ refused: 'invalid_token' })
    }
  })

  it('a token is found by its whole id only', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    const { tokenId } = RIGHT
    const others = ['', tokenId.slice(0, 1), tokenId.slice(0, -1), tokenId.slice(1), `${tokenId}0`]
    for (const other of [...others, '%', `${tokenId.slice(0, -1)}_`, tokenId.toUpperCase()]) {
      const answer = await validate({ ...RIGHT, tokenId: other })
      expect(answer).toMatchObject({ refused: 'invalid_token' })
    }
  })

  it('a wrong secret and an unknown token cost one comparison in constant time each', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    const { timingSafeEqual } = crypto
    const lengths: number[][] = []
    const restore = replaceInModule(crypto, {
      timingSafeEqual: (a, b) => {
        lengths.push([a.byteLength, b.byteLength])
        return timingSafeEqual(a, b)
      },
    })
    try {
      await validate({ ...RIGHT, secretHash: secretHashOf(secret(2)) })
      await validate({ ...RIGHT, tokenId: tokenIdOf(secret(3)) })
    } finally {
      restore()
    }
    expect(lengths).toEqual([
      [32, 32],
      [32, 32],
    ])
  })
}

function describeReserve(the: () => HooksUnderTest): void {
  it('a use is reserved once for a redemption, however often it is asked', async () => {
    await the().issue({ ...RIGHT, info: INFO })
    const { token } = the().hooks
    const grant = { ...INFO, tokenId: RIGHT.tokenId }
    expect(await token.reserve?.(grant, context())).toBe(true)
    expect(await token.reserve?.(grant, context())).toBe(true)
  })
}

function describeIdentity(the: () => SessionHooks): void {
  const validate = (bundle: Record<string, string>, required: readonly string[]) =>
    the().identity.validate(bundle, required, context())

  it('identity with all that is required is accepted, and more does no harm', async () => {
    expect(await validate({ name: 'Bob', email: 'b@example.org' }, ['name'])).toBe(true)
    expect(await validate({}, [])).toBe(true)
  })

  it('identity that lacks required fields is refused, naming just those', async () => {
    const answer = await validate({ name: 'Bob' }, ['name', 'email', 'phone'])
    expect(answer).toMatchObject({ refused: 'identity_required', fields: ['email', 'phone'] })
  })

  it('a blank or invisible field counts as missing', async () => {
    for (const blank of ['', '  ', '\t\n', '\u200b', '\u00a0\u2060']) {
      const answer = await validate({ name: blank }, ['name'])
      expect(answer).toMatchObject({ refused: 'identity_required', fields: ['name'] })
    }
  })

  it('a name that every object inherits is not a field', async () => {
    const names = ['toString', 'constructor', '__proto__']
    expect(await validate({}, names)).toMatchObject({ fields: names })
  })
}

function describeDatabases(the: () => SessionHooks): void {
  const provision = (tallyId: string, sessionId = 'session-1') =>
    the().database.provision('stock', ALICE, BOB, sessionId, provisionContext(tallyId))

  it('building gives a connection and the tally asked for', async () => {
    const { tally, dbConnectionInfo } = await provision('tally-1')
    expect(tally).toEqual({ tallyId: 'tally-1', createdBy: 'stock' })
    expect(Object.values(dbConnectionInfo).every((text) => text !== '')).toBe(true)
    expect(Object.keys(dbConnectionInfo)).toEqual(
      expect.arrayContaining(['engine', 'endpoint', 'credentialsRef']),
    )
  })

  it('building again, in another session too, finds the same database', async () => {
    const first = await provision('tally-1')
    expect(await provision('tally-1')).toEqual(first)
    expect(await provision('tally-1', 'session-2')).toEqual(first)
  })

  it('building at once gives one database', async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => provision('t')))
    for (const other of others) expect(other).toEqual(first)
  })

  it('each tally has a database of its own', async () => {
    const [one, two] = [await provision('tally-1'), await provision('tally-2')]
    expect(one.dbConnectionInfo.endpoint).not.toBe(two.dbConnectionInfo.endpoint)
  })
}

async function build({ database }: SessionHooks, tallyId: string): Promise<DatabaseResult> {
  const provision = provisionContext(tallyId)
  const built = await database.provision('stock', ALICE, BOB, 'session-1', provision)
  const { engine = 'unknown', ...connection } = built.dbConnectionInfo
  return { tally: built.tally, dbConnectionInfo: { engine, ...connection } }
}

function describeStatus(the: () => HooksUnderTest): void {
  it('what was built is found by its tally, what was not is not', async () => {
    const { hooks } = the()
    const built = await build(hooks, 'tally-1')
    await the().keep?.(built)
    expect(await hooks.database.status?.('tally-1', context())).toEqual(built)
    for (const other of ['tally-2', 'tally-', 'tally-10', ''])
      expect(await hooks.database.status?.(other, context())).toBeUndefined()
  })
}

function describeDeprovision(the: () => SessionHooks): void {
  it('what was removed is gone, and removing it again does no harm', async () => {
    const { database } = the()
    const kept = await build(the(), 'tally-2')
    await build(the(), 'tally-1')
    await database.deprovision?.('tally-1', context())
    await database.deprovision?.('tally-1', context())
    await database.deprovision?.('tally-3', context())
    expect(await database.status?.('tally-1', context())).toBeUndefined()
    expect(await build(the(), 'tally-2')).toEqual(kept)
  })

  it('what was removed can be built again, the same', async () => {
    const built = await build(the(), 'tally-1')
    await the().database.deprovision?.('tally-1', context())
    expect(await build(the(), 'tally-1')).toEqual(built)
  })
}

function describeVerify(the: () => SessionHooks): void {
  async function builtDatabase(tallyId: string): Promise<BuiltDatabase> {
    const { tally, dbConnectionInfo } = await build(the(), tallyId)
    return { tally, database: dbConnectionInfo, draft: draftFor('stock')(tallyId) }
  }

  it('what hooks of this kind built is accepted', async () => {
    const built = await builtDatabase('tally-1')
    expect(await the().database.verify?.(built, context())).toBe(true)
  })

  it('a database that is not there, or another tally’s, is not accepted', async () => {
    const [built, other] = [await builtDatabase('tally-1'), await builtDatabase('tally-2')]
    const { database } = the()
    const elsewhere = { ...built.database, engine: 'abacus', endpoint: 'abacus://nowhere' }
    for (const connection of [elsewhere, other.database]) {
      const answer = await database.verify?.({ ...built, database: connection }, context())
      expect(answer).not.toBe(true)
    }
  })
}

/** A hook may give up with the signal or finish; it must not do what a later call would trip over. */
async function settled(work: Promise<unknown> | undefined): Promise<void> {
  await Promise.allSettled([work])
}

function describeAborts(the: () => HooksUnderTest): void {
  it('calls after their signal was aborted reject or do no harm', async () => {
    const aborted = AbortSignal.abort(new Error('too late'))
    const late = context(aborted)
    await the().issue({ ...RIGHT, info: INFO })
    const { database, identity, token } = the().hooks
    await settled(token.validate(RIGHT.tokenId, shown(RIGHT, aborted)))
    await settled(token.markUsed(RIGHT.tokenId, 'session-1', late))
    await settled(token.release?.(RIGHT.tokenId, late))
    await settled(identity.validate({}, ['name'], late))
    const abortedProvision = provisionContext('tally-1', aborted)
    await settled(database.provision('stock', ALICE, BOB, 'session-1', abortedProvision))
    await settled(database.deprovision?.('tally-2', late))
    await settled(database.status?.('tally-1', late))

    expect(await token.validate(RIGHT.tokenId, shown(RIGHT))).toMatchObject({
      tokenId: RIGHT.tokenId,
    })
    const built = await database.provision('stock', ALICE, BOB, 's', provisionContext('tally-1'))
    expect(built.tally.tallyId).toBe('tally-1')
    await database.deprovision?.('tally-1', context())
    expect(await database.status?.('tally-1', context())).toBeUndefined()
  })
}

function describeAudit(the: () => SessionHooks): void {
  it('audit events of every type are taken', async () => {
    const types = ['state', 'token', 'identity', 'database', 'error', 'security'] as const
    for (const type of types) {
      const event: SessionAuditEvent = { type, at: 0, data: { from: 'CREATED' } }
      await the().audit.logSession('session-1', event)
    }
  })
}
