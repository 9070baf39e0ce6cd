import { describe, expect, it } from 'vitest'
import { parsePair } from '../../../src/cli/tally/set-tally.ts'

describe('a key and its value', () => {
  it.each([
    ['note=lunch', { key: 'note', value: 'lunch' }],
    ['note=', { key: 'note', value: '' }],
    [' note =a=b\nc', { key: 'note', value: 'a=b\nc' }],
    ['limit=250', { key: 'limit', value: '250' }],
    ['limit:=250', { key: 'limit', value: 250 }],
    ['who:={"a":[null]}', { key: 'who', value: { a: [null] } }],
  ])('%j is taken apart', (text, edit) => {
    expect(parsePair(text)).toEqual(edit)
  })

  it.each([
    '',
    'note',
    '=x',
    ':=1',
    'x:=',
    'x:={',
    'due:={"x":1,"x":2}',
    `${'k'.repeat(65)}=1`,
    `k=${'v'.repeat(4_097)}`,
  ])('%j is refused', (text) => {
    expect(() => parsePair(text)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
