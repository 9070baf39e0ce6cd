import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parsePostgresUrl } from '../../../../src/protocol/database/postgres-url.ts'
import {
  passwordIn,
  serverPassword,
} from '../../../../src/store/postgres/connection/server-password.ts'
import { temporaryDirectory } from '../../../support/cli/temporary-directory.ts'

const ADDRESS = parsePostgresUrl('postgres://taleus@db.example.org/tallies')

describe('a server’s password', () => {
  it.each([
    ['db.example.org:5432:tallies:taleus:word', 'word'],
    ['*:*:*:taleus:word', 'word'],
    ['other:5432:tallies:taleus:no\n*:*:*:*:word\n*:*:*:*:later', 'word'],
    ['# *:*:*:*:no\r\n*:*:*:*:word\r\n', 'word'],
    ['*:*:*:*:with\\:colon and \\\\', 'with:colon and \\'],
    ['*:*:*:*:a:b', 'a:b'],
    ['*:5433:*:*:no', undefined],
    ['*:*:*', undefined],
    ['', undefined],
  ])('in a file of passwords like %j is %j', (text, password) => {
    expect(passwordIn(text, ADDRESS)).toBe(password)
  })

  it('comes from the file that was named, then the environment, then the file that psql reads', async () => {
    const home = await temporaryDirectory()
    const named = join(home, 'named')
    writeFileSync(named, 'first\n', { mode: 0o600 })
    writeFileSync(join(home, '.pgpass'), '*:*:*:*:third', { mode: 0o600 })
    writeFileSync(join(home, 'other'), '*:*:*:*:fourth', { mode: 0o600 })
    const environment = { HOME: home, PGPASSWORD: 'second' }
    expect(serverPassword(ADDRESS, { passwordFile: named, environment })).toBe('first')
    expect(serverPassword(ADDRESS, { environment })).toBe('second')
    expect(serverPassword(ADDRESS, { environment: { HOME: home } })).toBe('third')
    const elsewhere = { HOME: home, PGPASSFILE: join(home, 'other') }
    expect(serverPassword(ADDRESS, { environment: elsewhere })).toBe('fourth')
    expect(serverPassword(ADDRESS, { environment: {} })).toBeUndefined()
  })

  it('is not taken from a file that others may read, or that is not there', async () => {
    const home = await temporaryDirectory()
    const file = join(home, 'word')
    writeFileSync(file, 'word')
    chmodSync(file, 0o644)
    const environment = {}
    expect(() => serverPassword(ADDRESS, { passwordFile: file, environment })).toThrow(
      /chmod|others/,
    )
    const missing = { passwordFile: join(home, 'missing'), environment }
    expect(() => serverPassword(ADDRESS, missing)).toThrow("can't be read")
  })
})
