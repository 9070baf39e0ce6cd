import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adminPassword, passwordIn } from '../../../src/hooks/postgres/admin-password.ts'
import { parsePostgresUrl } from '../../../src/protocol/database/postgres-url.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const ADDRESS = parsePostgresUrl('postgres://taleus@db.example.org/tallies')

describe('the administrator’s password', () => {
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
    expect(adminPassword(ADDRESS, { passwordFile: named, environment })).toBe('first')
    expect(adminPassword(ADDRESS, { environment })).toBe('second')
    expect(adminPassword(ADDRESS, { environment: { HOME: home } })).toBe('third')
    const elsewhere = { HOME: home, PGPASSFILE: join(home, 'other') }
    expect(adminPassword(ADDRESS, { environment: elsewhere })).toBe('fourth')
    expect(adminPassword(ADDRESS, { environment: {} })).toBeUndefined()
  })

  it('is not taken from a file that others may read, or that is not there', async () => {
    const home = await temporaryDirectory()
    const file = join(home, 'word')
    writeFileSync(file, 'word')
    chmodSync(file, 0o644)
    const environment = {}
    expect(() => adminPassword(ADDRESS, { passwordFile: file, environment })).toThrow(
      /chmod|others/,
    )
    const missing = { passwordFile: join(home, 'missing'), environment }
    expect(() => adminPassword(ADDRESS, missing)).toThrow("can't be read")
  })
})
