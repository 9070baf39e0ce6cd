import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { automergeDatabase, isOurs } from '../../src/tally/automerge-database.ts'
import { automergeUrlOf } from '../../src/tally/document-id.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** base58check read by hand: 16 bytes, or undefined where the checksum does not hold. */
function read(id: string): Buffer | undefined {
  let number = 0n
  for (const letter of id) number = number * 58n + BigInt(ALPHABET.indexOf(letter))
  const zeros = /^1*/.exec(id)?.[0].length ?? 0
  const digits = number.toString(16)
  const tail = Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex')
  const bytes = Buffer.concat([Buffer.alloc(zeros), tail])
  const once = createHash('sha256').update(bytes.subarray(0, -4)).digest()
  const twice = createHash('sha256').update(once).digest()
  return twice.subarray(0, 4).equals(bytes.subarray(-4)) ? bytes.subarray(0, -4) : undefined
}

describe('the id of a tally’s document', () => {
  it('is read by this test’s reader just as the ids that automerge-repo makes', () => {
    expect(read('2akvofn6L1o4RMUEMQi7qzwRjKWZ')?.toString('hex')).toBe(
      '718e4b61faba492eaf37be062d3ef988',
    )
    expect(read('2akvofn6L1o4RMUEMQi7qzwRjKWa')).toBeUndefined()
  })

  it('is 16 bytes of a hash of the tally id, in base58check', () => {
    fc.assert(
      fc.property(fc.string(), (tallyId) => {
        const [scheme, id] = automergeUrlOf(tallyId).split(':')
        const expected = createHash('sha256').update(`taleus/tally/document-id/1\0${tallyId}`)
        expect(scheme).toBe('automerge')
        expect(read(id ?? '')?.toString('hex')).toBe(expected.digest('hex').slice(0, 32))
      }),
    )
  })

  it('never changes', () => {
    expect(automergeUrlOf('tally-1')).toMatchInlineSnapshot(
      `"automerge:dm8TntbnZM9Wo22y1rryY23KdHt"`,
    )
  })
})

describe('the default database', () => {
  it('is recognised for its own tally only', () => {
    const database = automergeDatabase('tally-1')
    expect(isOurs(database, 'tally-1')).toBe(true)
    expect(isOurs(database, 'tally-2')).toBe(false)
    expect(isOurs({ ...database, engine: 'postgres' }, 'tally-1')).toBe(false)
    expect(isOurs({ ...database, credentialsRef: 'env:SECRET' }, 'tally-1')).toBe(false)
    expect(isOurs({ ...database, endpoint: `${database.endpoint}1` }, 'tally-1')).toBe(false)
  })

  it('names no credential', () => {
    expect(automergeDatabase('tally-1')).toEqual({
      engine: 'automerge',
      endpoint: automergeUrlOf('tally-1'),
      credentialsRef: 'peer-id',
    })
  })
})
