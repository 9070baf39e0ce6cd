import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OlderInvitee, type OlderLink } from '../../support/legacy/older-invitee.ts'
import { OlderInviter } from '../../support/legacy/older-inviter.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

const LEGACY = ['--listen', '/ip4/127.0.0.1/tcp/0', '--legacy']

/** A listener that serves older peers, and an older link of it. */
async function olderLink(role: 'stock' | 'foil') {
  const directory = await dataDirectory()
  const served = await listener(directory, LEGACY)
  const file = join(directory, 'link.json')
  const create = ['token', 'create', '--role', role, '--legacy-link', file]
  const created = await taleus(directory, create)
  expect(created).toMatchObject({ code: 0 })
  const link: OlderLink = JSON.parse(await readFile(file, 'utf8'))
  return { directory, served, file, create, link, native: created.stdout.trim() }
}

test.each(['stock', 'foil'] as const)(
  'an older invitee and `taleus listen --legacy` that holds the %s come to one tally',
  async (role) => {
    const { directory, served, link } = await olderLink(role)
    const invitee = await OlderInvitee.start()
    const tallyId = await invitee.redeem(link, 'olgas-tally')
    const line = await served.line(({ state }) => state === 'COMPLETED')
    expect(line).toMatchObject({ protocol: '1.0.0', tallyId, peerId: invitee.peerId })
    const { json } = await taleusJson(directory, ['sessions', 'show', String(line['id'])])
    expect(json).toMatchObject({ protocol: '1.0.0', state: 'COMPLETED', transcriptDigest: null })
    const shown = await taleus(directory, ['sessions', 'show', String(line['id'])])
    expect(shown.stdout).toContain('1.0.0, an older one:')
    expect((await taleus(directory, ['sessions'])).stdout).toContain('listener 1.0.0')
    expect((await taleusJson(directory, ['tally', 'show', tallyId])).json).toMatchObject({
      tallyId,
      status: 'confirmed',
    })
    expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
    expect(await served.stop()).toBe(0)
  },
)

test.each(['stock', 'foil'] as const)(
  '`taleus bootstrap link.json` and an older inviter that holds the %s come to one tally',
  async (role) => {
    const inviter = await OlderInviter.start(role)
    const directory = await dataDirectory()
    const file = join(directory, 'link.json')
    await writeFile(file, inviter.link(true, ['name']))
    const disclose = ['--disclose', 'name=Bob']
    const looked = await taleus(directory, ['bootstrap', file, '--dry-run', ...disclose])
    expect(looked.stdout + looked.stderr).toContain('an older one, which guarantees less')
    expect(inviter.contacts).toEqual([])
    const { code, json } = await taleusJson(directory, ['bootstrap', file, '--yes', ...disclose])
    expect({ code, json }).toMatchObject({ code: 0, json: { protocol: '1.0.0' } })
    expect(inviter.contacts).toMatchObject([
      { token: inviter.token, identityBundle: { name: 'Bob' } },
    ])
    expect(inviter.results).toHaveLength(role === 'foil' ? 1 : 0)
    expect((await taleus(directory, ['sessions'])).stdout).toContain('dialer 1.0.0')
    // Again: the same tally.
    const again = await taleusJson(directory, ['bootstrap', file, '--yes'])
    expect(again.json).toMatchObject({ tallyId: json['tallyId'] })
  },
)

test('an older link is taken as text and from standard input, too', async () => {
  for (const form of ['text', 'input']) {
    const inviter = await OlderInviter.start('stock')
    const link = inviter.link()
    const args = form === 'text' ? [link] : ['-']
    const done = await taleusJson(await dataDirectory(), ['bootstrap', ...args, '--yes'], {
      input: form === 'text' ? '' : link,
    })
    expect(done.json).toMatchObject({ status: 'confirmed' })
  }
})

test('an older link that names nobody is refused until --inviter says whose it is', async () => {
  const inviter = await OlderInviter.start('stock')
  const directory = await dataDirectory()
  const bare = ['bootstrap', inviter.link(false), '--yes']
  const refused = await taleus(directory, bare)
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('--inviter') })
  const wrong = await taleus(directory, [...bare, '--inviter', await otherPeer()])
  expect(wrong.code).not.toBe(0)
  expect(inviter.contacts).toEqual([])
  expect((await taleus(directory, [...bare, '--inviter', inviter.peerId])).code).toBe(0)
})

async function otherPeer(): Promise<string> {
  return (await OlderInvitee.start()).peerId
}

test('two of today meet over the older protocol, and do not seek each other for a sync', async () => {
  const { directory, file } = await olderLink('foil')
  const invitee = await dataDirectory()
  const { code, json } = await taleusJson(invitee, ['bootstrap', file, '--yes'])
  expect({ code, json }).toMatchObject({ code: 0, json: { role: 'stock', protocol: '1.0.0' } })
  const shown = await taleusJson(directory, ['tally', 'show', String(json['tallyId'])])
  expect(shown.json).toMatchObject({ role: 'foil', status: 'confirmed' })
  const { stdout, stderr } = await taleus(invitee, ['tally', 'sync'])
  expect(stdout + stderr).not.toContain('127.0.0.1')
})

test('the file of an older link is its owner’s, is not written over, and is the same invitation', async () => {
  const { directory, file, create, link, native } = await olderLink('stock')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const before = await taleusJson(directory, ['token', 'list'])
  expect((await taleus(directory, create)).code).not.toBe(0)
  expect(await taleusJson(directory, ['token', 'list'])).toEqual(before)
  await (await OlderInvitee.start()).redeem(link)
  const late = await taleusJson(await dataDirectory(), ['bootstrap', native, '--yes'])
  expect(late.code).toBe(5)
})

test('no older link is made that no listener would serve', async () => {
  const directory = await dataDirectory()
  const file = join(directory, 'link.json')
  const create = ['token', 'create', '--announce', '/ip4/127.0.0.1/tcp/4710', '--legacy-link', file]
  const refused = await taleus(directory, create)
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('legacy on') })
  await taleus(directory, ['config', 'set', 'legacy', 'on'])
  const terms = join(directory, 'terms.txt')
  await writeFile(terms, 'net 30')
  expect((await taleus(directory, [...create, '--terms', terms])).code).toBe(2)
  expect((await taleus(directory, create)).code).toBe(0)
})

test('a listener that was not told to serves no older peer', async () => {
  const directory = await dataDirectory()
  const served = await listener(directory)
  const invitee = await OlderInvitee.start()
  const responderPeerAddrs = served.addresses
    .filter((address) => !address.endsWith('/ws'))
    .map((address) => `${address}/p2p/${served.peerId}`)
  const link: OlderLink = {
    responderPeerAddrs,
    token: 'any',
    tokenExpiryUtc: '2100-01-01T00:00:00Z',
    initiatorRole: 'stock',
  }
  await expect(invitee.connect(link)).rejects.toThrow()
})

test('what an older link can’t do is refused before anybody is met', async () => {
  const inviter = await OlderInviter.start('stock')
  for (const flag of ['--decline', '--another']) {
    const refused = await taleus(await dataDirectory(), ['bootstrap', inviter.link(), flag])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(flag) })
  }
  expect(inviter.node.getConnections()).toEqual([])
})
