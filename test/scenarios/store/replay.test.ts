import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'
import { MIGRATIONS } from '../../../src/store/file/migrations.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { claimOf, grantOf, requestOf, reserve } from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const T0 = 1_790_000_000_000

it('the schema of a released version is never edited', () => {
  expect(MIGRATIONS.map((sql) => sha256Hex(sql))).toEqual([
    '101ce522ee920f8469546a7061391268ecb3d80368c5815764b69336de235e5c',
    '4c480d5c88bf9d10100f3a263af35cdacda733d8bf578a54d7c165121c3438bf',
    '6aa271ff2ad857ec431f41ae14e97ec0bf0931d5649db18feb7e1284f256edff',
    'c26a9f7dbec1b4fe5498c71c4fb6eda1ea19af4b02ac432a8217adda3c0762d4',
    'ea525fc2e7682877d575d10728e22b7bad1bd2f8174bd9c0de3c0109862db08d',
    '7db98409f763b56f72cf05127d64029f8cd77800bdbb97d986257113b7f0c6f6',
    '71f585e3f057bc6f3746c94313d484a73cb02ba3f258c33984db9ac002310f17',
    '6d7f2ecd315b0e78f9eee56f2ef69c5cf173621e80542bd2ad063b616289df59',
    '6ec3579ad7c3b43dadca6a5a7680bcf4dbc343e10247f96de8e1e1de99660851',
    'fd0bab44f6dd0fde8ac12cae7a2898086e5e0589a03adcc9621b5d3e624a4ce0',
    'cff65193fd024526b7ff06c3e9919f5cb521ac2c7090ce4d06cbd245d6686c9f',
    '192267cbbef322ce127505a0374d6d1496b3402e76d3add927223de1f67be498',
    '3ccd6f03c70822f8b79faae38c691002e038fe4d684e8beab8217fba8f6b7c89',
    'a9795656c40a5adbf33147875ea0af03636701619a2120982fa3dc543f4de6e1',
  ])
})

describe('a store of version 1', () => {
  let store: Store

  beforeEach(async () => {
    const path = join(await temporaryDirectory(), 'taleus.db')
    copyFileSync(join(import.meta.dirname, '../../replay/v1/taleus.db'), path)
    // Version control does not keep modes.
    chmodSync(path, 0o600)
    store = openStore(path)
    return () => store.close()
  })

  it('opens with its tokens', () => {
    const shown = store.repositories.tokens
      .list()
      .map(({ id, role, uses, used, reserved }) => ({ id, role, uses, used, reserved }))
    expect(shown).toEqual([
      { id: 'once', role: 'stock', uses: 1, used: 1, reserved: 0 },
      { id: 'standing', role: 'stock', uses: null, used: 0, reserved: 1 },
      { id: 'three', role: 'foil', uses: 3, used: 1, reserved: 1 },
    ])
    expect(store.repositories.tokens.find('standing')).toEqual({
      id: 'standing',
      label: 'the standing invitation',
      role: 'stock',
      uses: null,
      used: 0,
      reserved: 1,
      issuedAt: T0,
      expiresAt: T0 + 86_400_000,
      revokedAt: T0 + 2_000,
      required: ['name'],
      optional: ['email'],
      terms: { limit: 100, currency: 'hours' },
    })
  })

  it('opens with its sessions of both sides, their journals and their audit', () => {
    const { audit, sessions } = store.repositories
    const shown = sessions
      .list({ limit: 10 })
      .map(({ id, side, state }) => `${id} ${side} ${state}`)
    expect(shown).toEqual([
      'session-to-heidi dialer COMPLETED',
      'session-three-erin listener FAILED',
      'session-once-bob listener COMPLETED',
    ])
    expect(sessions.find('session-three-erin')).toEqual({
      id: 'session-three-erin',
      side: 'listener',
      state: 'FAILED',
      reason: 'peer_left',
      step: 'PROVISIONING_DB',
      peerId: 'erin',
      role: 'stock',
      remoteAddress: '/ip4/192.0.2.7/tcp/4710',
      startedAt: T0 + 900,
      endedAt: T0 + 1_100,
      durationMs: 200.5,
    })
    expect(sessions.entries('session-once-bob').map(({ from, to, ms }) => [from, to, ms])).toEqual([
      ['CREATED', 'PROVISIONING_DB', 0.25],
      ['PROVISIONING_DB', 'COMPLETED', 7],
    ])
    expect(verifyRows(audit.rows())).toMatchObject({ ok: true, records: 8 })
    expect(audit.ofSession('session-once-bob').map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('opens with its tallies, drafts and chunks', () => {
    const { tallies } = store.repositories
    const shown = tallies
      .list(10)
      .map(({ partner, role, status }) => [partner.peerId, role, status])
    expect(shown.sort()).toEqual([
      ['bob', 'stock', 'confirmed'],
      ['carol', 'foil', 'confirmed'],
      ['heidi', 'foil', 'held'],
    ])
    const carols = tallies.find('tally-of-carol')
    expect(carols?.partner.identity).toEqual({ name: 'carol', email: 'carol@example.org' })
    expect(carols?.built.draft.sha256).toBe(sha256Hex(carols?.built.draft.text ?? ''))
    expect(tallies.chunks('tally-of-heidi')).toEqual([Uint8Array.of(1, 2, 3)])
  })

  it('opens with the attempt of its invitee, and with its notes', () => {
    expect(store.repositories.attempts.latest('link-hash')).toMatchObject({
      attemptId: 'attempt-1',
      identity: { name: 'Alice' },
      cadre: ['/ip4/192.0.2.1/tcp/4710'],
      status: 'held',
      tallyId: 'tally-of-heidi',
    })
    expect(store.repositories.meta.get('release')).toBe('schema 1')
    expect(store.repositories.declines.has('standing', 'grace')).toBe(true)
  })

  it('still answers with the bytes it stored, and goes on where it was', async () => {
    const grant = { ...grantOf('three', 3), expiresAt: T0 + 86_400_000 }
    const more = { now: T0 + 3_000, inviter: 'alice' }
    const asDave = { bootstrapId: 'bootstrap-dave', requestHash: sha256Hex('dave'), ...more }
    const dave = await reserve(store, requestOf(grant, 'dave', asDave))
    expect(dave).toMatchObject({ kind: 'replayed', claim: { use: 2 } })
    const bytes = store.repositories.redemptions.storedResponse(claimOf(dave).redemptionId)
    expect(Buffer.from(bytes ?? []).toString()).toBe('dave may build')
    const receipt = store.repositories.redemptions.storedReceipt('redemption-three-carol')
    expect(Buffer.from(receipt ?? []).toString()).toBe('received')

    const mallory = claimOf(await reserve(store, requestOf(grant, 'mallory', more)))
    expect(mallory.use).toBe(3)
    expect(mallory.fence).toBeGreaterThan(claimOf(dave).fence)
    const oscar = await reserve(store, requestOf(grant, 'oscar', more))
    expect(oscar).toMatchObject({ kind: 'refused', code: 'in_progress' })
    const late = await reserve(store, requestOf({ ...grant, tokenId: 'once' }, 'oscar', more))
    expect(late).toMatchObject({ kind: 'refused', code: 'used' })
  })
})
