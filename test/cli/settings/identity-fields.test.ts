import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIdentityFields } from '../../../src/cli/settings/identity-fields.ts'

describe('fields of an identity', () => {
  it('are name=value, and the value may hold more equals signs', () => {
    expect(parseIdentityFields(['name=Alice', 'url=https://x/?a=b', 'email='])).toEqual({
      name: 'Alice',
      url: 'https://x/?a=b',
      email: '',
    })
  })

  it.each([
    ['name'],
    ['=x'],
    ['Name=x'],
    ['1st=x'],
    ['na me=x'],
    ['__proto__=x'],
    ['constructor=x'],
    ['prototype=x'],
    [`${'n'.repeat(33)}=x`],
    ['name=a\nb'],
    ['name=\u001b[2J'],
    [`name=${'x'.repeat(257)}`],
  ])('that can’t be are refused: %j', (text) => {
    expect(() => parseIdentityFields([text])).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  it('can’t be given twice', () => {
    expect(() => parseIdentityFields(['name=a', 'name=b'])).toThrow('twice')
  })

  it('never throw anything but what the user is told', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        try {
          parseIdentityFields(texts)
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' })
        }
      }),
    )
  })
})
