import { describe, expect, it } from 'vitest'
import { Changes } from '../../../src/store/memory/changes.ts'
import { Table } from '../../../src/store/memory/table.ts'

interface Sheep {
  readonly id: string
  readonly colour: string
}

function flock() {
  const changes = new Changes()
  const table = new Table<Sheep>(changes, ({ id }) => id)
  return { changes, table, ofColour: table.index(({ colour }) => colour) }
}

const white = (id: string): Sheep => ({ id, colour: 'white' })
const black = (id: string): Sheep => ({ id, colour: 'black' })

describe('rows that are kept elsewhere', () => {
  it('are told as they were and are, if they have changed', () => {
    const { table } = flock()
    table.load([white('a'), white('b'), white('c')])
    table.put(black('a'))
    table.put(white('a'))
    table.delete('b')
    table.put(black('d'))
    expect(table.changed()).toEqual([
      { before: white('a'), after: white('a') },
      { before: white('b'), after: undefined },
      { before: undefined, after: black('d') },
    ])
  })

  it('are not told if the change was taken back, or nothing came of it', () => {
    const { changes, table } = flock()
    table.load([white('a')])
    changes.rehearse(() => {
      table.put(black('a'))
      table.put(black('b'))
    })
    table.put(black('c'))
    table.delete('c')
    expect(table.changed()).toEqual([])
  })

  it('do not take the place of what is here already', () => {
    const { table } = flock()
    table.load([])
    table.put(black('a'))
    table.load([white('a')])
    expect(table.get('a')).toEqual(black('a'))
  })

  it('count, though they are not here', () => {
    const { table, ofColour } = flock()
    table.load([white('a'), white('b')])
    ofColour.setCount('white', 1_000)
    expect([ofColour.count('white'), ofColour.count('black')]).toEqual([1_000, 0])
    table.put(black('a'))
    table.put(white('new'))
    table.delete('b')
    expect([ofColour.count('white'), ofColour.count('black')]).toEqual([999, 1])
    expect(ofColour.rows('white')).toEqual([white('new')])
  })
})
