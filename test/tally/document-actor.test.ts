import { expect, it } from 'vitest'
import { editActor } from '../../src/tally/document-actor.ts'

const EDIT = { peerId: 'bob', key: 'limit', value: 200, at: 1 }

it('the author of an edit is the same in whatever order the heads are told', () => {
  const actor = editActor(EDIT, ['a', 'b', 'c'])
  expect(editActor(EDIT, ['c', 'a', 'b'])).toBe(actor)
  expect(actor).toMatch(/^[0-9a-f]{32}$/)
})

it('another edit, another peer or other heads make another author', () => {
  const others = [
    editActor(EDIT, ['a']),
    editActor(EDIT, ['b']),
    editActor({ ...EDIT, value: 201 }, ['a']),
    editActor({ ...EDIT, at: 2 }, ['a']),
    editActor({ ...EDIT, key: 'other' }, ['a']),
    editActor({ ...EDIT, peerId: 'carol' }, ['a']),
  ]
  expect(new Set(others).size).toBe(others.length)
})
