import { expect, it } from 'vitest'
import type { HookName } from '../../../support/session/stub-hooks.ts'
import { withStub } from '../../../support/session/stub-hooks.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

const TOKEN = { initiatorRole: 'stock', expiryUtc: '2999-01-01T00:00:00Z' }
const TALLY = { tallyId: 'tally', createdBy: 'stock' }
const DATABASE = { endpoint: 'abacus://here', credentialsRef: 'none' }

const WRONG: readonly (readonly [HookName, string, unknown])[] = [
  ['token.validate', 'initiatorRole', { ...TOKEN, initiatorRole: 'creditor' }],
  ['token.validate', 'expiryUtc', { ...TOKEN, expiryUtc: 1_800_000_000 }],
  ['token.validate', 'identityRequirements', { ...TOKEN, identityRequirements: 'name' }],
  ['token.validate', 'identityRequirements.0', { ...TOKEN, identityRequirements: [1] }],
  ['token.validate', 'usesAllowed', { ...TOKEN, usesAllowed: 0 }],
  ['token.validate', 'secretHash', { ...TOKEN, secretHash: 'abc' }],
  ['token.validate', 'tokenId', { ...TOKEN, tokenId: 'another' }],
  ['token.validate', 'refused', { refused: 'because' }],
  ['identity.validate', 'fields', { refused: 'identity_required', fields: 'name' }],
  ['database.provision', 'tally', { dbConnectionInfo: DATABASE }],
  ['database.provision', 'tally.tallyId', { tally: { createdBy: 'stock' } }],
  ['database.provision', 'dbConnectionInfo', { tally: TALLY }],
  ['database.provision', 'dbConnectionInfo.endpoint', { tally: TALLY, dbConnectionInfo: {} }],
  [
    'database.provision',
    'tally.createdBy',
    { tally: { ...TALLY, createdBy: 'foil' }, dbConnectionInfo: DATABASE },
  ],
]

it.each(WRONG)('%s that answers a wrong %s is told which field', async (name, field, answer) => {
  const world = new World({ inviter: { hooks: withStub(name, async () => answer) } })
  const identityRequirements = name === 'identity.validate' ? ['name'] : []
  const outcome = world.redeem(world.invite({ identityRequirements }), {
    identity: { name: 'Bob' },
  })
  expect((await outcome).completed).toBe(false)
  await settle()
  const said = `HookAnswerError: wrong answer, ${field}: `
  expect(world.alice.complaints).toEqual([expect.stringContaining(`${name}: ${said}`)])
  const failure = { state: 'FAILED', reason: 'hook_failed', detail: expect.stringContaining(said) }
  expect(world.alice.ended).toMatchObject([failure])
  // The peer is not told what broke here.
  expect(JSON.stringify(await outcome)).not.toContain(field)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

it('a token whose hash is told is refused to who shows another secret with its id', async () => {
  const secretHash = '00'.repeat(32)
  const hooks = withStub('token.validate', async () => ({ ...TOKEN, secretHash }))
  const world = new World({ inviter: { hooks } })
  expect(await world.redeem(world.invite())).toMatchObject({ reason: 'invalid_token' })
  expect(world.alice.complaints).toEqual([])
  expect(world.alice.sessions).toEqual([])
})
