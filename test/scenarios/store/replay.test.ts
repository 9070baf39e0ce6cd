import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { claimOf, grantOf, requestOf, reserve } from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { readNow } from '../../support/store/read-now.ts'

const T0 = 1_790_000_000_000

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

  it('opens with its tokens', async () => {
    const shown = (await store.query(() => tokenRecords.list())).map(
      ({ id, role, uses, used, reserved }) => ({ id, role, uses, used, reserved }),
    )
    expect(shown).toEqual([
      { id: 'once', role: 'stock', uses: 1, used: 1, reserved: 0 },
      { id: 'standing', role: 'stock', uses: null, used: 0, reserved: 1 },
      { id: 'three', role: 'foil', uses: 3, used: 1, reserved: 1 },
    ])
    expect(await store.query(() => tokenRecords.find('standing'))).toEqual({
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
      revision: 0,
    })
  })

  it('opens with its sessions of both sides, their journals and their audit', () => {
    const { audit, sessions } = store.repositories
    const listed = readNow(store, () => sessionRecords.list({ limit: 10 }))
    const shown = listed.map(({ id, side, state }) => `${id} ${side} ${state}`)
    expect(shown).toEqual([
      'session-to-heidi dialer COMPLETED',
      'session-three-erin listener FAILED',
      'session-once-bob listener COMPLETED',
    ])
    expect(readNow(store, () => sessionRecords.find('session-three-erin'))).toEqual({
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
    const shown = readNow(store, () => tallyRecords.list(10)).map(({ partner, role, status }) => [
      partner.peerId,
      role,
      status,
    ])
    expect(shown.sort()).toEqual([
      ['bob', 'stock', 'confirmed'],
      ['carol', 'foil', 'confirmed'],
      ['heidi', 'foil', 'held'],
    ])
    const carols = tallies.find('tally-of-carol')
    expect(carols?.partner.identity).toEqual({ name: 'carol', email: 'carol@example.org' })
    expect(carols?.built.draft.sha256).toBe(sha256Hex(carols?.built.draft.text ?? ''))
    expect(readNow(store, () => tallyChunkRecords.all('tally-of-heidi'))).toEqual([
      Uint8Array.of(1, 2, 3),
    ])
  })

  it('opens with the attempt of its invitee, and with its notes', () => {
    expect(store.repositories.attempts.latest('link-hash')).toMatchObject({
      attemptId: 'attempt-1',
      identity: { name: 'Alice' },
      cadre: ['/ip4/192.0.2.1/tcp/4710'],
      status: 'held',
      tallyId: 'tally-of-heidi',
    })
    expect(readNow(store, () => metaRecords.get('release'))).toBe('schema 1')
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
