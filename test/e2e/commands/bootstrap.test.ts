import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { mint as minted } from '../../../src/service/invitations/mint.ts'
import { selectOne } from '../../../src/store/query/query.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { freeAddress } from '../support/free-address.ts'
import { invite } from '../support/invite.ts'
import { onStore } from '../support/open-store.ts'
import { sharedInviter } from '../support/shared-inviter.ts'

/** Alice, who listens for all that only need an inviter. */
const inviter = sharedInviter()

async function mint(directory: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await taleus(directory, ['token', 'create', ...args])
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}

const redeem = (directory: string, link: string, ...args: string[]) =>
  taleusJson(directory, ['bootstrap', link, '--yes', ...args])

/** Tallies that an invitation led to, as they are stored. */
async function talliesOf(directory: string, tokenId: string): Promise<number> {
  const sql = 'SELECT count(*) AS n FROM tallies WHERE token_id = ?1'
  const row = await onStore(directory, (store) => store.query(() => selectOne(sql, tokenId)))
  return Number(row?.['n'])
}

async function documentOf(directory: string, tallyId: unknown): Promise<unknown> {
  const { code, json } = await taleusJson(directory, ['tally', 'show', String(tallyId)])
  expect(code).toBe(0)
  return json['document']
}

test.each([
  ['stock', 'TCP', '/ip4/127.0.0.1/tcp/0'],
  ['foil', 'WebSockets', '/ip4/127.0.0.1/tcp/0/ws'],
])(
  'an inviter who holds the %s ends with the same tally on both sides over %s',
  async (role, _, address) => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    await taleus(alice, ['identity', 'set', 'name=Alice'])
    const listening = await listener(alice, ['--listen', address])
    const link = await mint(alice, '--role', role)
    const { code, json } = await redeem(bob, link, '--disclose', 'name=Bob')
    expect(json).toMatchObject({
      role: role === 'stock' ? 'foil' : 'stock',
      partner: { peerId: listening.peerId, identity: { name: 'Alice' } },
      database: { engine: 'automerge' },
      status: 'confirmed',
    })
    expect(code).toBe(0)
    const tallyId = json['tallyId']
    await listening.line(({ to, tallyId: id }) => to === 'COMPLETED' && id === tallyId)
    expect(await listening.stop()).toBe(0)
    const document = await documentOf(alice, tallyId)
    expect(document).toEqual(await documentOf(bob, tallyId))
    expect(JSON.stringify(document)).toContain('Bob')
    for (const directory of [alice, bob]) {
      expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
      const { json: sessions } = await taleusJson(directory, ['sessions'])
      expect(sessions['sessions']).toMatchObject([{ state: 'COMPLETED', tallyId }])
    }
  },
)

test('a token minted while the listener runs is accepted at once, and the link names its addresses', async () => {
  const { directory, listening } = await inviter()
  const { json } = await taleusJson(directory, ['token', 'create'])
  expect(json['addresses']).toMatchObject(
    listening.addresses.map((address) => ({ address, scope: 'loopback' })),
  )
  const { code } = await redeem(await dataDirectory(), String(json['link']))
  expect(code).toBe(0)
})

test('a required disclosure that is missing is named, uses nothing up, and can be added', async () => {
  const bob = await dataDirectory()
  const { link } = await (await inviter()).invite({ required: ['name', 'email'] })
  const refused = await redeem(bob, link, '--disclose', 'name=Bob')
  expect(refused).toMatchObject({
    code: 7,
    json: { error: { code: 'identity_required', fields: ['email'] } },
  })
  const { code } = await redeem(
    bob,
    link,
    '--disclose',
    'name=Bob',
    '--disclose',
    'email=b@example.org',
  )
  expect(code).toBe(0)
})

test('a link that has expired, of an inviter who does not answer, says by whose clock', async () => {
  const [now, peerId] = [Date.now(), peerIdOfKeyBytes(generatePrivateKeyBytes())]
  const init = { peerId, addresses: ['/ip4/127.0.0.1/tcp/9'], expiresAt: now - 2_000 }
  const grant = { role: 'stock', uses: 1, required: [], optional: [], terms: {} } as const
  const { link } = minted(grant, init, now - 10_000)
  const { code, json } = await redeem(await dataDirectory(), link)
  const message = expect.stringContaining('this computer’s clock')
  expect({ code, json }).toMatchObject({ code: 4, json: { error: { code: 'expired', message } } })
})

test('a one-time token is refused to another peer, and gives the same peer the same tally', async () => {
  const [bob, carol] = [await dataDirectory(), await dataDirectory()]
  const { directory, invite: another } = await inviter()
  const { link, id } = await another()
  const first = await redeem(bob, link)
  expect(first.code).toBe(0)
  const other = await redeem(carol, link)
  expect(other).toMatchObject({ code: 5, json: { error: { code: 'used' } } })
  const again = await redeem(bob, link)
  expect(again.code).toBe(0)
  expect(again.json['tallyId']).toBe(first.json['tallyId'])
  expect(await talliesOf(directory, id)).toBe(1)
})

test('a revoked token is refused, but the tally it led to stays the holder’s', async () => {
  const [bob, carol] = [await dataDirectory(), await dataDirectory()]
  const { directory, invite: another } = await inviter()
  const { link, id } = await another({ uses: 2 })
  const first = await redeem(bob, link)
  expect((await taleus(directory, ['token', 'revoke', id])).code).toBe(0)
  const other = await redeem(carol, link)
  expect(other).toMatchObject({ code: 5, json: { error: { code: 'revoked' } } })
  const again = await redeem(bob, link)
  expect(again.json['tallyId']).toBe(first.json['tallyId'])
})

test('the token does not leave the invitee when somebody else answers', async () => {
  const [mallory, alice, bob] = [
    await dataDirectory(),
    await dataDirectory(),
    await dataDirectory(),
  ]
  const listening = await listener(mallory)
  const { link } = await invite(alice, listening.addresses)
  const { code, json } = await redeem(bob, link)
  expect({ code, json }).toMatchObject({ code: 7, json: { error: { code: 'wrong_peer' } } })
  expect(listening.lines.filter(({ type }) => type !== 'ready')).toEqual([])
})

test('nobody at the address is exit code 6, and nothing is used up', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const address = await freeAddress()
  const { link } = await invite(alice, [address])
  expect(await redeem(bob, link)).toMatchObject({
    code: 6,
    json: { error: { code: 'unreachable' } },
  })
  await listener(alice, ['--listen', address])
  expect((await redeem(bob, link)).code).toBe(0)
})

test('a declined offer is over for that peer only', async () => {
  const [bob, carol] = [await dataDirectory(), await dataDirectory()]
  const { listening, invite: another } = await inviter()
  const { link } = await another()
  const declined = await taleus(bob, ['bootstrap', link, '--decline', '--reason', 'not now'])
  expect(declined).toMatchObject({ code: 0 })
  await listening.line(({ reason }) => reason === 'declined')
  expect(await redeem(bob, link)).toMatchObject({ code: 7, json: { error: { code: 'declined' } } })
  expect((await redeem(carol, link)).code).toBe(0)
})

test('what has led to a tally can not be declined any more', async () => {
  const bob = await dataDirectory()
  const { link } = await (await inviter()).invite()
  const first = await redeem(bob, link)
  const declined = await taleusJson(bob, ['bootstrap', link, '--decline'])
  expect(declined).toMatchObject({ code: 2, json: { error: { code: 'usage' } } })
  const again = await redeem(bob, link)
  expect(again.json['tallyId']).toBe(first.json['tallyId'])
})

test('a dry run shows the offer and uses nothing up', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const { link } = await invite(alice, listening.addresses, { required: ['name'] })
  const { code, json } = await taleusJson(bob, ['bootstrap', link, '--dry-run'])
  expect(code).toBe(0)
  expect(json).toMatchObject({
    offer: { inviterRole: 'stock', required: ['name'] },
    missing: ['name'],
  })
  await listening.stop()
  const { json: sessions } = await taleusJson(alice, ['sessions'])
  expect(sessions['sessions']).toEqual([])
})

test('without a terminal and without --yes it asks for --yes, and nothing happens', async () => {
  const bob = await dataDirectory()
  const { link } = await (await inviter()).invite()
  const { code, stderr } = await taleus(bob, ['bootstrap', link])
  expect(code).toBe(2)
  expect(stderr).toContain('--yes')
  expect((await redeem(bob, link)).code).toBe(0)
})

test('one’s own invitation is refused', async () => {
  const { directory, invite: another } = await inviter()
  expect((await redeem(directory, (await another()).link)).code).toBe(2)
})

test('the link is read from standard input, from a file and from a picture', async () => {
  const [bob, carol, dave] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const { directory } = await inviter()
  const picture = join(await dataDirectory(), 'invitation.png')
  const made = ['token', 'create', '--unlimited', '--qr-file', picture]
  const { json } = await taleusJson(directory, made)
  const link = String(json['link'])
  const piped = await taleusJson(bob, ['bootstrap', '-', '--yes'], { input: `"${link}"\n` })
  expect(piped.code).toBe(0)
  expect((await redeem(carol, link.toUpperCase())).code).toBe(0)
  const seen = await taleusJson(dave, ['bootstrap', '--qr-image', picture, '--yes'])
  expect(seen.code).toBe(0)
  expect(await talliesOf(directory, String(json['id']))).toBe(3)
})
