import { describe, expect, it } from 'vitest'
import { formatPostgresUrl, parsePostgresUrl } from '../../../src/protocol/database/postgres-url.ts'
import { PostgresUrlError } from '../../../src/protocol/errors.ts'

const whole = { host: 'db.example.org', port: 5_432, database: 'tallies', files: {} }

describe('the address of a PostgreSQL database', () => {
  it.each([
    ['postgres://db.example.org/tallies', whole],
    ['postgresql://me@db.example.org:5433/tallies', { ...whole, port: 5_433, user: 'me' }],
    ['postgres://m%40e@db.example.org/t%20x', { ...whole, user: 'm@e', database: 't x' }],
    ['postgres://[::1]:1/tallies', { ...whole, host: '::1', port: 1 }],
    ['postgres:///tallies?host=/run/postgresql', { ...whole, host: '/run/postgresql' }],
    [
      'postgres://db.example.org/tallies?sslmode=verify-full&sslrootcert=/ca.pem',
      { ...whole, sslMode: 'verify-full', files: { sslrootcert: '/ca.pem' } },
    ],
    ['postgres://db.example.org/tallies?options=-csearch_path%3Dt_1', { ...whole, schema: 't_1' }],
  ])('is read from %s, and written so that it is read the same', (text, address) => {
    expect(parsePostgresUrl(text)).toEqual(address)
    expect(parsePostgresUrl(formatPostgresUrl(parsePostgresUrl(text)))).toEqual(address)
  })

  it.each([
    '',
    'automerge',
    'mysql://db.example.org/tallies',
    'postgres://db.example.org',
    'postgres://one,two/tallies',
    'postgres://db.example.org:0/tallies',
    'postgres://db.example.org/tallies?sslmode=allow',
    'postgres://db.example.org/tallies?sslmode=require&sslmode=disable',
    'postgres://db.example.org/tallies?target_session_attrs=any',
    'postgres://db.example.org/tallies?options=-cwork_mem%3D1GB',
    'postgres://db.example.org/tallies#x',
    'postgres://db.example.org/100%',
    'postgres://db.example.org/tal lies',
    `postgres://db.example.org/${'t'.repeat(1_024)}`,
  ])('is not %j', (text) => {
    expect(() => parsePostgresUrl(text)).toThrow(PostgresUrlError)
  })

  it.each([
    'postgres://me:hunter2@db.example.org/tallies',
    'postgres://db.example.org/tallies?password=hunter2',
    'postgres://me:hunter2@db.example.org',
  ])('with a password is refused, and the password is not repeated: %s', (text) => {
    let thrown: unknown
    try {
      parsePostgresUrl(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ problem: 'password' })
    expect(String(thrown)).not.toContain('hunter2')
  })
})
