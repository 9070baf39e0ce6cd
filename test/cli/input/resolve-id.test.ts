import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveId } from '../../../src/cli/input/resolve-id.ts'

const IDS = ['abc2', 'abd3', 'abd3x', 'xyz7']

function search(ids: readonly string[] = IDS) {
  return {
    what: 'invitation',
    startingWith: async (prefix: string) => ids.filter((id) => id.startsWith(prefix)),
    idOf: (id: string) => id,
  }
}

function failureOf(typed: string): Promise<unknown> {
  return resolveId(typed, search()).catch((error: unknown) => error)
}

describe('an id', () => {
  it('may be shortened as long as it is clear', async () => {
    expect(await resolveId('x', search())).toBe('xyz7')
    expect(await resolveId(' abc ', search())).toBe('abc2')
  })

  it('may be typed in capitals', async () => {
    expect(await resolveId('XYZ7', search())).toBe('xyz7')
  })

  it('that is whole counts, even if another one goes on after it', async () => {
    expect(await resolveId('abd3', search())).toBe('abd3')
  })

  it('that nothing has is told so', async () => {
    expect(await failureOf('q')).toMatchObject({
      code: 'not_found',
      message: 'there is no invitation with the id q',
    })
  })

  it('that several begin with is told with them', async () => {
    expect(await failureOf('ab')).toMatchObject({
      code: 'ambiguous_id',
      message: expect.stringContaining('abc2, abd3, abd3x'),
    })
  })

  it.each(['', '  ', 'x'.repeat(129)])('can not be %j', async (typed) => {
    expect(await failureOf(typed)).toMatchObject({ code: 'usage' })
  })

  it('is not a link', async () => {
    expect(await failureOf('TALEUS:Babc')).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('token inspect'),
    })
  })

  it('is found by any of its beginnings that no other id shares', async () => {
    const id = fc.string({ unit: fc.constantFrom(...'ab2'), minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(id, { minLength: 1, maxLength: 8 }),
        id,
        async (ids, typed) => {
          const begin = ids.filter((each) => each.startsWith(typed))
          const expected = ids.includes(typed) ? typed : begin[0]
          const isClear = ids.includes(typed) || begin.length === 1
          try {
            return (await resolveId(typed, search(ids))) === expected && isClear
          } catch {
            return !isClear
          }
        },
      ),
    )
  })
})
