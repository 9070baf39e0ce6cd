import { expect, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
  signWithKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { signNodeCertificate } from '../../../src/protocol/node/node-certificate.ts'
import { certificateProblem } from '../../../src/service/node/certificate-watch.ts'
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
  const problem = (seconds: number) => certificateProblem(own, (times.validFrom + seconds) * 1_000)
  expect(problem(-1)).toContain('is a clock wrong?')
  expect(problem(0)).toBeUndefined()
  expect(problem(599)).toBeUndefined()
  expect(problem(600)).toContain('lapses 2026-')
  expect(problem(900)).toContain('has lapsed')
})
