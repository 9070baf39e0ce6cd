import { describe, expect, it } from 'vitest'
import { discloseFor } from '../../../src/service/redeeming/disclosure.ts'

describe('what is disclosed', () => {
  it('is what is required, given before kept, and what else was given', () => {
    const kept = { name: 'Bob', email: 'b@example.org', phone: '1' }
    const cadre = ['/dns4/bob.example/tcp/4710']
    const given = { name: 'Robert', city: 'Bern', blank: ' ' }
    expect(discloseFor(['name', 'email', 'age'], { identity: kept, cadre }, given)).toEqual({
      identity: { name: 'Robert', email: 'b@example.org', city: 'Bern' },
      cadre,
      missing: ['age'],
    })
  })

  it('is missing what was given as nothing, whatever is kept', () => {
    expect(discloseFor(['name'], { identity: { name: 'Bob' }, cadre: [] }, { name: ' ' })).toEqual({
      identity: {},
      cadre: [],
      missing: ['name'],
    })
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__'])(
    'is missing %s, which every object in JavaScript has',
    (field) => {
      const kept = { identity: {}, cadre: [] }
      expect(discloseFor([field], kept, {})).toEqual({ ...kept, missing: [field] })
    },
  )
})
