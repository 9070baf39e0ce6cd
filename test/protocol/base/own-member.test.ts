import { expect, it } from 'vitest'
import { ownMember } from '../../../src/protocol/base/own-member.ts'

it('finds a member of the object’s own, and none that it inherits', () => {
  expect(ownMember({ name: 'Alice' }, 'name')).toBe('Alice')
  expect(ownMember({ name: 'Alice' }, 'constructor')).toBeUndefined()
  expect(ownMember({ name: 'Alice' }, '__proto__')).toBeUndefined()
})
