import { afterEach, beforeEach, describe } from 'vitest'
import type { Query } from '../../../src/store/query/query.ts'
import { type OpenRecords, RECORD_ENGINES } from './record-engines.ts'

/** Runs a piece of work in a transaction of its own. */
export type Ask = <Result>(work: () => Query<Result>) => Promise<Result>

/** Declares tests for each engine, each with a store of its own. @param subject of the names of the tests */
export function onEachEngine(subject: string, declare: (ask: Ask) => void): void {
  for (const engine of RECORD_ENGINES) {
    describe.skipIf(!engine.canRun)(`on ${engine.name}, ${subject}`, () => {
      let open: OpenRecords
      beforeEach(async () => {
        open = await engine.open()
      })
      afterEach(() => open.close())
      declare((work) => open.records.transact(work))
    })
  }
}
