import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Query } from '../../../src/store/query/query.ts'
import { change, selectAll } from '../../../src/store/query/query.ts'
import { type OpenRecords, RECORD_ENGINES } from './record-engines.ts'
import { SEEDS, type SeedRow, type SeedTable } from './seeds.ts'

/** A column that SQLite has without naming it, and those that only a store of several nodes has. */
const HIDDEN = ['rowid', 'node', 'epoch']

/** The queries of one subject. */
type Records = Readonly<Record<string, (...values: never[]) => Query<unknown>>>

/** The questions to each query of a subject: all have some, and those that are put are told in this order. */
export type Questions<Of extends Records> = {
  readonly [Name in keyof Of]: readonly Parameters<Of[Name]>[]
}

/**
 * Declares that both engines answer alike, from the same rows, and hold the same rows afterwards.
 * @param unordered queries that list ids in no order
 */
export function sameAnswers<Of extends Records>(
  subject: string,
  records: Of,
  questions: Questions<Of>,
  unordered: readonly (keyof Of)[] = [],
): void {
  describe.skipIf(!RECORD_ENGINES.every(({ canRun }) => canRun))(`queries about ${subject}`, () => {
    const open: OpenRecords[] = []
    beforeAll(async () => {
      for (const engine of RECORD_ENGINES) open.push(await engine.open())
      for (const { records: store } of open) await store.transact(plant)
    })
    afterAll(async () => {
      for (const each of open) await each.close()
    })

    for (const name of Object.keys(questions)) {
      it(`${name} is answered alike`, async () => {
        const [sqlite = [], postgres = []] = await Promise.all(
          open.map((each) => answersOf(each, records, name, questions[name] ?? [])),
        )
        if (unordered.includes(name)) for (const answers of [sqlite, postgres]) sortEach(answers)
        expect(postgres).toEqual(sqlite)
        expect(isTelling(sqlite), 'the questions find something').toBe(true)
      })
    }
  })
}

async function answersOf(
  { records: store }: OpenRecords,
  records: Records,
  name: string,
  questions: readonly (readonly unknown[])[],
): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const values of questions) {
    answers.push(await store.transact(() => asked(records, name, values)))
  }
  return [...answers, await store.transact(rowsOfAll)]
}

function asked(records: Records, name: string, values: readonly unknown[]): Query<unknown> {
  // The questions' types are those of the parameters.
  return (records[name] as (...values: readonly unknown[]) => Query<unknown>)(...values)
}

function sortEach(answers: readonly unknown[]): void {
  for (const answer of answers) if (Array.isArray(answer)) answer.sort()
}

/** False if each answer says that there is nothing: then the question is not one. */
function isTelling(answers: readonly unknown[]): boolean {
  const told = answers.slice(0, -1)
  const isNothing = (answer: unknown): boolean =>
    !answer || ['[]', '{}'].includes(JSON.stringify(answer instanceof Set ? [...answer] : answer))
  return told.every((answer) => answer === undefined) || told.some((answer) => !isNothing(answer))
}

function* plant(): Query<void> {
  // One on a server is bound to its party as soon as it is opened.
  yield* change('DELETE FROM meta')
  for (const [table, rows] of Object.entries(SEEDS)) {
    for (const row of rows) yield* insert(table, row)
  }
}

function* insert(table: string, row: SeedRow): Query<void> {
  const columns = Object.keys(row).map((column) => `"${column}"`)
  const places = columns.map((_, place) => `?${place + 1}`)
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`
  yield* change(sql, ...Object.values(row))
}

/** All rows of all tables, each as text, sorted: engines may keep them in any order. */
function* rowsOfAll(): Query<Record<string, readonly string[]>> {
  const all: Record<string, readonly string[]> = {}
  const tables: readonly SeedTable[] = Object.keys(SEEDS) as SeedTable[]
  for (const table of tables) {
    const rows = yield* selectAll(`SELECT * FROM ${table}`)
    all[table] = rows.map((row) => JSON.stringify(sorted(row))).sort()
  }
  return all
}

function sorted(row: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(row)
    .filter(([column]) => !HIDDEN.includes(column))
    .map(([column, value]) => [column, value instanceof Uint8Array ? [...value] : value])
    .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1))
}
