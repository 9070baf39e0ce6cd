import { afterEach, describe, expect, it } from 'vitest'
import type { Work } from '../../../src/session/ports/work.ts'
import type { Write } from '../../../src/session/ports/write.ts'
import { compareRun } from '../../contract/session-store/differential/compare-run.ts'
import { TOKENS } from '../../contract/session-store/differential/pools.ts'
import { TwoEngines } from '../../contract/session-store/differential/two-engines.ts'
import type { OpenEngine } from '../../contract/session-store/engine.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { POSTGRES } from '../../support/store/postgres-engine.ts'
import { engineOn } from '../../support/store/sqlite-engine.ts'

const SEEDS = [1, 2, 3, 4]
const STEPS = 50

/** A step asks some hundred questions of a server: a bound for a hang, ms. */
const MAX_RUN_MS = 120_000

/** Writes that look for rows. Here they find those that were there before the work that they are in. */
const SEARCHING: ReadonlySet<Write['op']> = new Set(['noteExpiries', 'pruneHistory', 'freeLeases'])

function withoutSearchInBetween(work: Work): Work {
  const search = work.find(({ op }) => SEARCHING.has(op))
  return search === undefined ? work : [search]
}

async function compareStored(one: OpenEngine, other: OpenEngine): Promise<void> {
  const stored = async ({ inspect }: OpenEngine) => {
    const ids = await inspect.sessionIds()
    return {
      sessions: await Promise.all(ids.map((id) => inspect.session(id))),
      journals: await Promise.all(ids.map((id) => inspect.journal(id))),
      tokens: await Promise.all(TOKENS.map((id) => counts(inspect, id))),
      audit: await inspect.audit(),
      lost: (await inspect.lostUses()).length,
    }
  }
  const [expected, found] = await Promise.all([stored(one), stored(other)])
  expect(structuredClone(found)).toEqual(structuredClone(expected))
}

async function counts(inspect: OpenEngine['inspect'], id: string) {
  const { used, reserved, revokedAt } = (await inspect.token(id)) ?? {}
  return { used, reserved, revokedAt }
}

describe.skipIf(!canRunPostgres())('SQLite and PostgreSQL, given the same works', () => {
  let open: OpenEngine | undefined
  afterEach(async () => {
    await open?.close()
  })

  for (const seed of SEEDS) {
    it(`have the same outcomes, answers, records and lookups, of seed ${seed}`, {
      timeout: MAX_RUN_MS,
    }, async () => {
      const postgres = await POSTGRES.open()
      open = postgres
      const { store, addToken, addDocument } = postgres
      const { lookups } = store
      const engines = new TwoEngines({
        lookups,
        submit: (work, urgency) => store.submit(work, urgency),
        rehearse: (work) => store.rehearse(work),
        issueToken: addToken,
        addChunk: addDocument,
      })
      const sqlite = engineOn(engines.sql, () => undefined)
      try {
        await compareRun(engines, {
          ...{ seed, steps: STEPS },
          next: (works) => withoutSearchInBetween(works.next()),
          note: () => undefined,
          compareRows: () => compareStored(sqlite, postgres),
        })
      } finally {
        engines.close()
      }
    })
  }
})
