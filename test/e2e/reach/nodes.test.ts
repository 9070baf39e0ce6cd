import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { peerIdOfKeyBytes, signWithKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import {
  nodeCertificateToText,
  signNodeCertificate,
} from '../../../src/protocol/node/node-certificate.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { readKey } from '../../../src/store/directory/key-file.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { ON_POSTGRES } from '../support/store-on-server.ts'

/** A party, and a directory that has joined it as a node. */
async function partyWithNode() {
  const [party, node] = [await dataDirectory(), await dataDirectory()]
  const { json: own } = await taleusJson(party, ['identity', 'show'])
  const { json: key } = await taleusJson(node, ['node', 'key'])
  const added = await taleus(party, ['node', 'add', String(key['node']), '--name', 'till-2'])
  const joined = await taleusJson(node, ['node', 'join', '-'], { input: added.stdout })
  expect(joined).toMatchObject({ code: 0, json: { party: own['peerId'], node: key['node'] } })
  return { party, node, peerId: String(own['peerId']), nodeId: String(key['node']) }
}

/** A link made at a listener, and the id of its token. */
async function linkOf(
  directory: string,
  role = 'stock',
): Promise<{ readonly link: string; readonly addresses: string[] }> {
  const { json } = await taleusJson(directory, ['token', 'create', '--unlimited', '--role', role])
  const addresses = json['addresses'] as { address: string }[]
  return { link: String(json['link']), addresses: addresses.map(({ address }) => address) }
}

/** Both have one receipt, which anybody can check, and both stores are in order. */
async function expectSameReceipt(directories: readonly string[], tallyId: string): Promise<void> {
  const file = join(directories[0] ?? '', 'receipt')
  const receipts = await Promise.all(
    directories.map((each) => taleus(each, ['tally', 'receipt', tallyId])),
  )
  expect(receipts[1]?.stdout).toBe(receipts[0]?.stdout)
  writeFileSync(file, receipts[0]?.stdout ?? '')
  expect((await taleus(await dataDirectory(), ['audit', 'verify-receipt', file])).code).toBe(0)
  for (const each of directories) expect((await taleus(each, ['audit', 'verify'])).code).toBe(0)
}

describe('two nodes of one party', () => {
  test('each prove it to who has a link, and tallies name the party', async () => {
    const { party, node, peerId, nodeId } = await partyWithNode()
    const running = await Promise.all([listener(party), listener(node)])
    const status = await taleusJson(node, ['status'])
    expect(status.json).toMatchObject({ peerId, node: nodeId })
    for (const [directory, role] of [
      [party, 'stock'],
      [node, 'stock'],
      [node, 'foil'],
    ] as const) {
      const bob = await dataDirectory()
      const { link } = await linkOf(directory, role)
      const redeemed = await taleusJson(bob, ['bootstrap', link, '--yes'])
      expect(redeemed).toMatchObject({ code: 0 })
      const [here, there] = await Promise.all(
        [bob, directory].map((each) =>
          taleusJson(each, ['tally', 'show', String(redeemed.json['tallyId'])]),
        ),
      )
      expect(here?.json).toMatchObject({ partner: { peerId } })
      expect(there?.json['draft']).toEqual(here?.json['draft'])
      expect(here?.json['words']).toBeTruthy()
      expect(there?.json['words']).toEqual(here?.json['words'])
      await expectSameReceipt([bob, directory], String(redeemed.json['tallyId']))
    }
    expect(await Promise.all(running.map((each) => each.stop()))).toEqual([0, 0])
  })

  test('are both in one link, of which a node serves its own tokens', async () => {
    const { party, node, nodeId } = await partyWithNode()
    const running = await listener(node)
    const { addresses } = await linkOf(node)
    const [address = ''] = addresses
    await taleus(party, ['node', 'add', nodeId, '--name', 'till-2', '--address', address])
    const at = await listener(party)
    const both = await linkOf(party)
    expect(both.addresses).toContain(address)
    expect(both.addresses.length).toBeGreaterThan(1)
    const { json } = await taleusJson(party, ['token', 'inspect', both.link])
    expect(json).toMatchObject({ nodes: true })
    await at.stop()
    // The node answers, proves itself, and knows nothing of the party's tokens as long as each has a store of its own.
    const redeemed = await taleusJson(await dataDirectory(), ['bootstrap', both.link, '--yes'])
    expect(redeemed).toMatchObject({ code: 4, json: { error: { code: 'invalid_token' } } })
    await running.stop()
  })
})

/** Puts a certificate by that party, whose time is long over, in the place of a node's. */
function lapse(party: string, node: string, nodeId: string): void {
  const key = readKey(openDataDirectory(party))
  if (key === undefined) throw new Error('the party has no key')
  const times = { validFrom: 1_790_000_000, validUntil: 1_790_000_600 }
  const content = {
    party: peerIdOfKeyBytes(key),
    node: nodeId,
    name: 'till-2',
    serial: 1,
    ...times,
  }
  const text = nodeCertificateToText(signNodeCertificate(content, signWithKeyBytes(key)))
  writeFileSync(join(node, 'node.certificate'), text, { mode: 0o600 })
}

describe.each(['lapsed', 'another party’s'] as const)(
  'an impostor with a certificate that is %s',
  (kind) => {
    test('hears neither of the token nor of who came', async () => {
      const { party, node, nodeId } = await partyWithNode()
      if (kind === 'lapsed') lapse(party, node, nodeId)
      const impostor = await listener(node)
      const { addresses } = await linkOf(node)
      const inviter = kind === 'lapsed' ? party : await dataDirectory()
      const announced = addresses.flatMap((address) => ['--announce', address])
      const { json } = await taleusJson(inviter, ['token', 'create', ...announced])
      const bob = await dataDirectory()
      const redeemed = await taleusJson(bob, ['bootstrap', String(json['link']), '--yes'])
      const code = kind === 'lapsed' ? 'node_lapsed' : 'node_uncertified'
      expect(redeemed).toMatchObject({ code: 7, json: { error: { code } } })
      await impostor.stop()
      const { json: own } = await taleusJson(bob, ['identity', 'show'])
      const { stdout: trail } = await taleus(node, ['audit', 'query', '--json'])
      expect(trail).not.toContain(String(own['peerId']))
      expect(trail).not.toContain(String(json['id']))
      expect(trail).toContain('listener.started')
    })
  },
)

test('a node’s directory makes no tally as its party', async () => {
  const { party, node } = await partyWithNode()
  const running = await listener(party)
  const { link } = await linkOf(party)
  const redeemed = await taleusJson(node, ['bootstrap', link, '--yes'])
  expect(redeemed).toMatchObject({ code: 2, json: { error: { code: 'node_directory' } } })
  await running.stop()
})

test('a directory that has a party’s store gets no other party’s work', async () => {
  const { party } = await partyWithNode()
  const used = await dataDirectory()
  await taleus(used, ['token', 'create', '--no-qr'])
  const { json } = await taleusJson(used, ['identity', 'show'])
  const added = await taleus(party, ['node', 'add', String(json['peerId']), '--name', 'used'])
  const joined = await taleusJson(used, ['node', 'join', '-'], { input: added.stdout })
  if (!ON_POSTGRES)
    expect(joined).toMatchObject({ code: 2, json: { error: { code: 'node_directory' } } })
  // A store on a server is asked when it is opened.
  else
    expect(await taleusJson(used, ['token', 'list'])).toMatchObject({
      code: 10,
      json: { error: { code: 'store_owner' } },
    })
})

test('a node that is retired is in no new link, and its certificate is not renewed', async () => {
  const { party } = await partyWithNode()
  expect((await taleusJson(party, ['node', 'list'])).json['nodes']).toHaveLength(1)
  const retired = await taleusJson(party, ['node', 'retire', 'till-2'])
  expect(retired).toMatchObject({ code: 0, json: { name: 'till-2', lapsed: false } })
  expect((await taleusJson(party, ['node', 'list'])).json['nodes']).toEqual([])
  expect((await taleusJson(party, ['node', 'retire', 'till-2'])).code).toBe(2)
})
