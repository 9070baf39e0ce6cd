import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { PendingRows } from '../../../src/store/row/pending-rows.ts'

let database: DatabaseSync
let pending: PendingRows

beforeEach(() => {
  database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE notes (n INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT')
  pending = new PendingRows(database, 'notes', ['n', 'word'])
  return () => database.close()
})

function add(from: number, to: number): void {
  for (let n = from; n <= to; n += 1) pending.add([n, `word ${n}`])
}

function written(): readonly unknown[] {
  return database
    .prepare('SELECT n, word FROM notes ORDER BY n')
    .all()
    .map(({ n }) => n)
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe('rows that are gathered', () => {
  for (const count of [0, 1, 7, 8, 9, 31, 32, 33, 41, 100]) {
    it(`are all written, ${count} of them, and only once`, () => {
      add(1, count)
      expect(written()).toEqual([])
      pending.write()
      pending.write()
      expect(written()).toEqual(upTo(count))
    })
  }

  it('of a piece of work that is undone are dropped, and no others', () => {
    add(1, 3)
    pending.mark()
    add(4, 5)
    pending.takeBack()
    pending.mark()
    add(4, 4)
    pending.write()
    expect(written()).toEqual(upTo(4))
  })

  it('and were written already are not taken back', () => {
    add(1, 3)
    pending.write()
    pending.takeBack()
    pending.mark()
    add(4, 6)
    pending.write()
    expect(written()).toEqual(upTo(6))
  })

  it('stay gathered if they could not be written', () => {
    add(1, 2)
    database.exec("INSERT INTO notes VALUES (2, 'taken')")
    expect(() => pending.write()).toThrow(/UNIQUE/)
    expect(pending.rows).toHaveLength(2)
  })

  it('need a table that has them', () => {
    const other = new DatabaseSync(':memory:')
    onTestFinished(() => other.close())
    expect(() => new PendingRows(other, 'notes', ['n'])).toThrow(/no such table/)
  })
})
