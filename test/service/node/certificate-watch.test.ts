import { expect, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
  signWithKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { signNodeCertificate } from '../../../src/protocol/node/node-certificate.ts'
import { certificateTrouble } from '../../../src/service/node/certificate-watch.ts'
import { CertifiedNode } from '../../../src/service/node/certified-node.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const [PARTY, NODE] = [generatePrivateKeyBytes(), generatePrivateKeyBytes()]

test('a certificate is told of before its time, in the last third of its time, and when it is over', async () => {
  const times = { validFrom: 1_790_000_000, validUntil: 1_790_000_900 }
  const content = {
    party: peerIdOfKeyBytes(PARTY),
    node: peerIdOfKeyBytes(NODE),
    name: 'a',
    serial: 1,
    ...times,
  }
  const certificate = signNodeCertificate(content, signWithKeyBytes(PARTY))
  const own = new CertifiedNode(openDataDirectory(await temporaryDirectory()), certificate)
  const trouble = (seconds: number) => certificateTrouble(own, (times.validFrom + seconds) * 1_000)
  const saying = (part: string, isGood: boolean) => ({
    problem: expect.stringContaining(part),
    isGood,
  })
  expect(trouble(-1)).toEqual(saying('is a clock wrong?', false))
  expect(trouble(0)).toBeUndefined()
  expect(trouble(599)).toBeUndefined()
  expect(trouble(600)).toEqual(saying('lapses 2026-', true))
  expect(trouble(900)).toEqual(saying('has lapsed', false))
})
