import { describe, expect, it } from 'vitest'
import { TableDigest } from '../../../src/store/carry/table-digest.ts'

function contentOf(...rows: readonly Record<string, unknown>[]) {
  const digest = new TableDigest(['one', 'other'])
  for (const row of rows) digest.add([row])
  return digest.content
}

describe('the content of a table', () => {
  const [first, second] = [
    { one: 1, other: 'a' },
    { one: 2, other: null },
  ]

  it('is the same in any order, and in any batches', () => {
    const atOnce = new TableDigest(['one', 'other'])
    atOnce.add([second, first])
    expect(contentOf(first, second)).toEqual(atOnce.content)
    expect(contentOf(first, second)).toMatchObject({ rows: 2 })
  })

  it.each([
    ['a value is another', [{ one: 1, other: 'b' }, second]],
    ['values have changed their columns', [{ one: 'a', other: 1 }, second]],
    ['a row is missing', [first]],
    ['a row is there twice', [first, second, second]],
    ['bytes are a text', [{ one: 1, other: new Uint8Array([97]) }, second]],
    ['nothing is an empty text', [first, { one: 2, other: '' }]],
  ])('is another one if %s', (_, rows) => {
    expect(contentOf(...rows).digest).not.toBe(contentOf(first, second).digest)
  })

  it('is not that of two rows which undo each other', () => {
    expect(contentOf(first, first).digest).not.toBe(contentOf().digest)
  })
})
