import { describe, expect, it, onTestFinished } from 'vitest'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretHashOf, tokenIdOf } from '../../../src/protocol/link/secret.ts'
import { MAX_TERMS_BYTES } from '../../../src/protocol/message/message-limits.ts'
import { invitationHistory } from '../../../src/service/invitations/invitation-history.ts'
import { invitationStatus } from '../../../src/service/invitations/invitation-status.ts'
import { issueInvitation } from '../../../src/service/invitations/issue-invitation.ts'
import { pauseInvitation } from '../../../src/service/invitations/pause-invitation.ts'
import { reissueInvitation } from '../../../src/service/invitations/reissue-invitation.ts'
import { revokeInvitation } from '../../../src/service/invitations/revoke-invitation.ts'
import { updateInvitation } from '../../../src/service/invitations/update-invitation.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { written } from '../../../src/session/ports/written.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { claimOf, grantOf, requestOf, reserve, responseOf, tallyOf } from '../../store/fixtures.ts'
import { signerOf } from '../../support/audit/signer.ts'

const PEER = '12D3KooWEMH9NxF7YVogsECNoxdgda5VpRxHdtbgDafxXHPTv9tp'
const ADDRESSES = ['/ip4/192.0.2.7/tcp/4710', '/ip4/192.0.2.7/tcp/4711/ws']
const GRANT = {
  role: 'foil',
  uses: 3,
  label: 'Carol’s bike',
  required: ['name'],
  optional: [],
  terms: { for: 'Carol' },
} as const

function store() {
  const opened = openMemoryStore()
  onTestFinished(() => opened.close())
  return opened
}

function init(ms = 60_000) {
  return { peerId: PEER, addresses: ADDRESSES, expiresAt: Date.now() + ms }
}

describe('an issued invitation', () => {
  it('is stored by the hash of its secret, and the link is the only place with the secret', async () => {
    const repositories = store()
    const { link, token } = await issueInvitation(repositories, GRANT, init())
    const content = decodeLink(link)
    expect(content).toMatchObject({ role: 'foil', addresses: ADDRESSES })
    expect(content.expiresAt * 1000).toBe(token.expiresAt)
    expect(token.id).toBe(tokenIdOf(content.secret))
    const found = await repositories.query(() => tokenRecords.lookUp(token.id))
    expect(found?.secretHash).toEqual(secretHashOf(content.secret))
    expect(found?.token).toMatchObject({ ...GRANT, used: 0, reserved: 0 })
  })

  it('leaves two records in the audit, without label, terms and secret', async () => {
    const repositories = store()
    const { token, link } = await issueInvitation(repositories, GRANT, { ...init(), like: 'other' })
    const history = await invitationHistory(repositories, token.id)
    expect(history).toMatchObject([
      { type: 'token', data: { event: 'issued', role: 'foil', uses: 3, like: 'other' } },
      { type: 'operator', data: { command: 'token create', uid: expect.any(Number) } },
    ])
    const text = JSON.stringify(history)
    expect(text).not.toContain('Carol')
    expect(text).not.toContain(Buffer.from(decodeLink(link).secret).toString('base64url'))
    expect(await verifyTrail(repositories, signerOf(1).peerId)).toMatchObject({
      ok: true,
      records: 2,
    })
  })

  it('that can not be stored gives no link', async () => {
    const repositories = openMemoryStore()
    repositories.close()
    await expect(issueInvitation(repositories, GRANT, init())).rejects.toThrow()
  })

  it('has QR forms that are the same invitation with fewer addresses', async () => {
    const { link, qrForms } = await issueInvitation(store(), GRANT, init())
    const [whole, short, ...more] = [...qrForms()]
    expect(more).toEqual([])
    expect(whole).toEqual({ text: link.toUpperCase(), dropped: [] })
    expect(short?.dropped).toEqual([ADDRESSES[1]])
    expect(decodeLink(short?.text ?? '')).toEqual({
      ...decodeLink(link),
      addresses: [ADDRESSES[0]],
    })
  })
})

describe('revoking', () => {
  it('is recorded once, however often it is asked for', async () => {
    const repositories = store()
    const { token } = await issueInvitation(repositories, GRANT, init())
    expect(await revokeInvitation(repositories, token.id)).toBe(true)
    expect(await revokeInvitation(repositories, token.id)).toBe(false)
    const events = (await invitationHistory(repositories, token.id)).map(
      ({ data }) => data['event'] ?? data['command'],
    )
    expect(events).toEqual(['issued', 'token create', 'revoked', 'token revoke'])
  })
})

describe('pausing', () => {
  it('is recorded once, and so is going on; the status says so, and is found by it', async () => {
    const repositories = store()
    const { token } = await issueInvitation(repositories, GRANT, init())
    const statuses: unknown[] = []
    for (const isPaused of [true, true, false, false]) {
      await pauseInvitation(repositories, token.id, isPaused)
      const now = Date.now()
      const [found] = await repositories.query(() => tokenRecords.list({ status: 'paused', now }))
      const stored = await repositories.query(() => tokenRecords.find(token.id))
      statuses.push([found?.id === token.id, stored && invitationStatus(stored, now)])
    }
    expect(statuses).toEqual([
      [true, 'paused'],
      [true, 'paused'],
      [false, 'open'],
      [false, 'open'],
    ])
    const events = (await invitationHistory(repositories, token.id)).map(
      ({ data }) => data['event'] ?? data['command'],
    )
    expect(events).toEqual([
      'issued',
      'token create',
      'paused',
      'token pause',
      'resumed',
      'token resume',
    ])
  })
})

describe('updating', () => {
  it('changes what is named, and says in the audit what has changed, without the values', async () => {
    const repositories = store()
    const { token } = await issueInvitation(repositories, GRANT, init())
    const update = (values: Parameters<typeof updateInvitation>[2]) =>
      updateInvitation(repositories, token.id, values)
    expect(await update({ terms: { for: 'Dora' } })).toEqual({ label: false, terms: true })
    expect(await update({ label: '', terms: { for: 'Dora' } })).toEqual({
      label: true,
      terms: false,
    })
    expect(await update({ label: '' })).toEqual({ label: false, terms: false })
    expect(await update({ optional: ['name', 'phone'] })).toEqual({ label: false, terms: true })
    const stored = await repositories.query(() => tokenRecords.find(token.id))
    const { label: _, ...rest } = GRANT
    expect(stored).toMatchObject({
      ...rest,
      terms: { for: 'Dora' },
      optional: ['phone'],
      revision: 2,
    })
    expect(stored).not.toHaveProperty('label')
    const updates = (await invitationHistory(repositories, token.id)).filter(
      ({ data }) => data['event'] === 'updated',
    )
    expect(updates).toMatchObject([
      { data: { changed: ['terms'], revision: 1 } },
      { data: { changed: ['label'], revision: 1 } },
      { data: { changed: ['terms'], revision: 2, optional: ['phone'] } },
    ])
    expect(JSON.stringify(updates)).not.toContain('Dora')
  })

  it('takes terms of the same length as a new invitation does, and changes nothing for longer ones', async () => {
    const repositories = store()
    const { token } = await issueInvitation(repositories, GRANT, init())
    const update = (characters: number) =>
      updateInvitation(repositories, token.id, { label: 'long', terms: 'x'.repeat(characters) })
    await expect(update(MAX_TERMS_BYTES - 1)).rejects.toThrow(RangeError)
    expect(await repositories.query(() => tokenRecords.find(token.id))).toMatchObject(GRANT)
    expect(await update(MAX_TERMS_BYTES - 2)).toEqual({ label: true, terms: true })
  })

  it('ends after a thousand times', async () => {
    const repositories = store()
    const { token } = await issueInvitation(repositories, GRANT, init())
    await repositories.transact(function* () {
      for (let n = 1; n <= 1_000; n += 1)
        yield* tokenRecords.update(token.id, { required: [], optional: [], terms: n })
    })
    expect(await updateInvitation(repositories, token.id, { terms: 'more' })).toBe('full')
    expect(await updateInvitation(repositories, 'none', { terms: 'more' })).toBe('unknown')
  })
})

describe('reissuing', () => {
  it('of a paused invitation leads to a paused one, and the audit says so', async () => {
    const repositories = store()
    const old = await issueInvitation(repositories, GRANT, init())
    await pauseInvitation(repositories, old.token.id, true)
    const next = await reissueInvitation(repositories, old.token.id, init())
    if (next === undefined) throw new Error('nothing was left')
    const stored = await repositories.query(() => tokenRecords.find(next.token.id))
    expect(stored && invitationStatus(stored, Date.now())).toBe('paused')
    const events = (await invitationHistory(repositories, next.token.id)).map(
      ({ data }) => data['event'],
    )
    expect(events).toContain('paused')
  })

  it('gives a new secret for the same grant, and ends the old one in the same transaction', async () => {
    const repositories = store()
    const old = await issueInvitation(repositories, GRANT, init())
    const before = repositories.commits
    const next = await reissueInvitation(repositories, old.token.id, init())
    expect(repositories.commits).toBe(before + 1)
    expect(next?.token).toMatchObject(GRANT)
    expect(next?.token.id).not.toBe(old.token.id)
    const tokens = await repositories.query(() => tokenRecords.list())
    expect(tokens.map((token) => [token.id, invitationStatus(token, Date.now())]).sort()).toEqual(
      [
        [old.token.id, 'revoked'],
        [next?.token.id, 'open'],
      ].sort(),
    )
    expect((await invitationHistory(repositories, old.token.id)).at(-1)?.data).toEqual({
      event: 'revoked',
      replacedBy: next?.token.id,
    })
  })

  it('leaves the uses that are taken, or about to be, with the old one', async () => {
    const repositories = store()
    const { token } = await issueInvitation(repositories, GRANT, init())
    const grant = { ...grantOf(token.id, 3), expiresAt: token.expiresAt }
    const reserveFor = (peerId: string) =>
      reserve(repositories, requestOf(grant, peerId, { now: Date.now() }))
    const { redemptionId, ...claim } = claimOf(await reserveFor('bob'))
    const response = responseOf(redemptionId)
    const tally = tallyOf(claim.tallyId, redemptionId)
    const now = Date.now()
    const facts = { sessionId: 'session', peerId: 'bob', at: now, monotonic: 0 }
    const made = { claim: { redemptionId, ...claim }, grant, tally, response }
    await written(repositories, [{ op: 'commit', ...made, now, facts }])
    await reserveFor('carol')
    const next = await reissueInvitation(repositories, token.id, init())
    expect(next?.token.uses).toBe(1)
    await reserve(
      repositories,
      requestOf({ ...grantOf(next?.token.id ?? '', 1), expiresAt: token.expiresAt }, 'dora', {
        now: Date.now(),
      }),
    )
    expect(await reissueInvitation(repositories, next?.token.id ?? '', init())).toBeUndefined()
  })

  it('of what is not there changes nothing', async () => {
    const repositories = store()
    expect(await reissueInvitation(repositories, 'nothing', init())).toBeUndefined()
    expect((await verifyTrail(repositories, signerOf(1).peerId)).records).toBe(0)
  })
})

describe('the status of an invitation', () => {
  const counts = { used: 0, reserved: 0, revision: 0 }
  const token = { ...GRANT, ...counts, id: 'a', issuedAt: 0, expiresAt: 10 }

  it.each([
    ['open', {}, 9],
    ['open', { reserved: 3 }, 9],
    ['expired', {}, 10],
    ['used', { used: 3 }, 9],
    ['used', { used: 3 }, 11],
    ['open', { uses: null, used: 99 }, 9],
    ['revoked', { used: 3, revokedAt: 5 }, 11],
  ] as const)('is %s for %j at %d', (status, changes, now) => {
    expect(invitationStatus({ ...token, ...changes }, now)).toBe(status)
  })
})
