import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
  signWithKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import {
  type NodeCertificateContent,
  nodeCertificateToText,
  signNodeCertificate,
} from '../../../src/protocol/node/node-certificate.ts'
import { joinParty, openCertifiedNode } from '../../../src/service/node/certified-node.ts'
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../src/store/directory/data-directory.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { bindStore } from '../../../src/store/transaction/store-owner.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const [PARTY, OTHER, NODE] = [
  generatePrivateKeyBytes(),
  generatePrivateKeyBytes(),
  generatePrivateKeyBytes(),
]
const node = peerIdOfKeyBytes(NODE)
const [FROM, HOUR] = [1_790_000_000, 3_600]

function certificateBy(key: Uint8Array, content: Partial<NodeCertificateContent> = {}): string {
  const times = { validFrom: FROM, validUntil: FROM + HOUR }
  const all = { party: peerIdOfKeyBytes(key), node, name: 'a', serial: 7, ...times, ...content }
  return nodeCertificateToText(signNodeCertificate(all, signWithKeyBytes(key)))
}

const join = (directory: DataDirectory, text: string) =>
  joinParty(directory, text, { peerId: node, now: FROM * 1_000 })

/** The data directory of a node, with a store that is its party's. */
async function directoryOfNode(): Promise<DataDirectory> {
  const directory = openDataDirectory(await temporaryDirectory())
  await join(directory, certificateBy(PARTY))
  const store = await openMarkedStore(directory)
  await bindStore(store, peerIdOfKeyBytes(PARTY))
  store.close()
  return directory
}

/** What may become of a certificate in its directory. */
const LOSSES: readonly [string, (path: string) => void][] = [
  ['is lost', (path) => rmSync(path)],
  ['is empty', (path) => writeFileSync(path, '')],
  ['was cut short', (path) => writeFileSync(path, certificateBy(PARTY).slice(0, 99))],
  ['has grown', (path) => writeFileSync(path, certificateBy(PARTY).padEnd(600))],
]

describe.each(LOSSES)('a node whose certificate %s', (_, lose) => {
  test('joins its party again with another one', async () => {
    const directory = await directoryOfNode()
    lose(directory.certificateFile)
    await join(directory, certificateBy(PARTY, { serial: 8 }))
    expect(openCertifiedNode(directory, node)?.party).toBe(peerIdOfKeyBytes(PARTY))
  })

  test('joins no other party', async () => {
    const directory = await directoryOfNode()
    lose(directory.certificateFile)
    const joining = join(directory, certificateBy(OTHER))
    await expect(joining).rejects.toMatchObject({ code: 'node_directory' })
  })
})

test.each(LOSSES.slice(1))(
  'a directory whose certificate %s is no party’s own',
  async (_, lose) => {
    const directory = openDataDirectory(await temporaryDirectory())
    await join(directory, certificateBy(PARTY))
    lose(directory.certificateFile)
    expect(() => openCertifiedNode(directory, node)).toThrow('whole node certificate')
  },
)

test('a party’s own directory joins none', async () => {
  const directory = openDataDirectory(await temporaryDirectory())
  const store = await openMarkedStore(directory)
  await bindStore(store, node)
  store.close()
  const joining = join(directory, certificateBy(PARTY))
  await expect(joining).rejects.toMatchObject({ code: 'node_directory' })
})

test('an older certificate is not taken, unless it is good for longer', async () => {
  const directory = await directoryOfNode()
  const joining = join(directory, certificateBy(PARTY, { serial: 6 }))
  await expect(joining).rejects.toThrow('newer')
  const later = { serial: 1, validUntil: FROM + 2 * HOUR }
  expect(await join(directory, certificateBy(PARTY, later))).toMatchObject(later)
})
