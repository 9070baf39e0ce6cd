import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { relayPolicy } from '../../../src/service/relay/relay-policy.ts'

const peer = () => peerIdOfKeyBytes(generatePrivateKeyBytes())

function tokenFile(content?: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-token-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'relay.token')
  if (content !== undefined) writeFileSync(path, content, { mode: 0o600 })
  return path
}

test('without a word nobody may reserve', () => {
  expect(relayPolicy({ open: false, allow: [] })).toEqual({
    policy: { open: false, allow: new Set() },
  })
})

test('peers are named by their ids, and a token may be beside them', () => {
  const [named, path] = [peer(), tokenFile('a-token-of-one-word-00001\n')]
  expect(relayPolicy({ open: false, allow: [named], tokenFile: path })).toEqual({
    policy: { open: false, allow: new Set([named]), token: 'a-token-of-one-word-00001' },
  })
})

test.each([
  ['--open beside --allow', { open: true, allow: ['x'] }],
  ['--open beside --token-file', { open: true, allow: [], tokenFile: '/nowhere' }],
  ['what is no peer id', { open: false, allow: ['12D3KooWx'] }],
  ['too many peers', { open: false, allow: Array.from({ length: 1_001 }, () => 'x') }],
])('%s is refused', (_what, wanted) => {
  expect(() => relayPolicy(wanted)).toThrow(expect.objectContaining({ code: 'relay_access' }))
  expect(existsSync('/nowhere')).toBe(false)
})

test('where there is no file a token is made that nobody guesses, for its owner only, and told once', () => {
  const path = tokenFile()
  const { newToken, policy } = relayPolicy({ open: false, allow: [], tokenFile: path })
  expect(newToken).toMatch(/^[\w-]{43}$/)
  expect(policy.token).toBe(newToken)
  expect(readFileSync(path, 'utf8')).toBe(`${newToken}\n`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(relayPolicy({ open: false, allow: [], tokenFile: path })).toEqual({ policy })
})

test.each([
  ['nothing', ''],
  ['a word that can be guessed', 'x'.repeat(21)],
  ['a word longer than any', 'x'.repeat(257)],
  ['two words', `${'x'.repeat(22)} y`],
  ['what is no plain text', `${'x'.repeat(22)}ä`],
])('a token file with %s is refused, and left as it is', (_what, content) => {
  const path = tokenFile(content)
  const read = () => relayPolicy({ open: false, allow: [], tokenFile: path })
  expect(read).toThrow(expect.objectContaining({ code: 'relay_access' }))
  expect(readFileSync(path, 'utf8')).toBe(content)
})

test('a token file that others may read, or that is a link, is refused', () => {
  const path = tokenFile('x'.repeat(30))
  const link = tokenFile()
  symlinkSync(path, link)
  const read = (file: string) => () => relayPolicy({ open: false, allow: [], tokenFile: file })
  expect(read(link)).toThrow(expect.objectContaining({ code: 'data_directory' }))
  chmodSync(path, 0o640)
  expect(read(path)).toThrow(expect.objectContaining({ code: 'data_directory' }))
})
