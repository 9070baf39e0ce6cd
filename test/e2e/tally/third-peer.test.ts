import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

/** An id of no tally at all, in the form of one. */
const NONE = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'

/** Puts a tally with that id beside one's own, as if it were with the same partner. */
function claim(directory: string, own: string, claimed: string): void {
  const store = new DatabaseSync(join(directory, 'taleus.db'))
  try {
    const row = store.prepare('SELECT * FROM tallies WHERE tally_id = ?').get(own) ?? {}
    const { endpoint } = automergeDatabase(claimed)
    const copy = { ...row, tally_id: claimed, endpoint, redemption_id: `r-${claimed}` }
    const names = Object.keys(copy)
    const places = names.map(() => '?').join(', ')
    const sql = `INSERT INTO tallies (${names.join(', ')}) VALUES (${places})`
    store.prepare(sql).run(...Object.values(copy))
  } finally {
    store.close()
  }
}

/** The answer to a sync of that tally, without its id. */
async function syncOf(directory: string, tallyId: string): Promise<string> {
  const answer = await taleusJson(directory, ['tally', 'sync', tallyId])
  return JSON.stringify(answer).replaceAll(tallyId, 'ID')
}

async function bootstrapped(alice: string, other: string): Promise<string> {
  const { json } = await taleusJson(alice, ['token', 'create'])
  const made = await taleusJson(other, ['bootstrap', String(json['link']), '--yes'])
  expect(made.code).toBe(0)
  return String(made.json['tallyId'])
}

test('a peer that asks to sync a tally of others is told what it is told of one that there is not', async () => {
  const [alice, bob, carol] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const ofBob = await bootstrapped(alice, bob)
  const ofCarol = await bootstrapped(alice, carol)
  expect((await taleus(bob, ['tally', 'set', ofBob, 'note=between us'])).code).toBe(0)
  expect((await taleusJson(bob, ['tally', 'sync', ofBob])).code).toBe(0)
  const shown = async () => await taleusJson(alice, ['tally', 'show', ofBob])
  const before = await shown()
  for (const claimed of [ofBob, NONE]) claim(carol, ofCarol, claimed)
  const [told, ofNone] = [await syncOf(carol, ofBob), await syncOf(carol, NONE)]
  expect(told).toContain('tally_not_shared')
  expect(told).toBe(ofNone)
  expect(told).not.toContain('between us')
  // Her own is synced all the same, and nothing has become of his.
  expect((await taleusJson(carol, ['tally', 'sync', ofCarol])).code).toBe(0)
  const { sync, ...rest } = (await shown()).json
  expect({ ...rest, sync: Object(sync).state }).toEqual({
    ...before.json,
    sync: Object(before.json['sync']).state,
  })
  expect(await listening.stop()).toBe(0)
  expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
})
