import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

/** The tally as one side shows it. */
async function shown(directory: string, tallyId: string) {
  const { json } = await taleusJson(directory, ['tally', 'show', tallyId])
  return { document: json['document'], sync: Object(json['sync']) }
}

async function synced(directory: string, ...args: string[]) {
  const { code, json } = await taleusJson(directory, ['tally', 'sync', ...args])
  const [tally] = Array.isArray(json['tallies']) ? json['tallies'] : []
  return { code, tally, json }
}

describe('two parties who both listen', () => {
  test('have what either sets without being asked for it', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const listening = [await listener(alice), await listener(bob)]
    const { json: token } = await taleusJson(alice, ['token', 'create'])
    const { json } = await taleusJson(bob, ['bootstrap', String(token['link']), '--yes'])
    const tallyId = String(json['tallyId'])
    for (const [setter, other, pair] of [
      [bob, alice, 'limit=250'],
      [alice, bob, 'note=lunch'],
    ] as const) {
      const set = await taleus(setter, ['tally', 'set', tallyId, pair])
      expect(set.stderr).toContain('the listener seeks the partner now')
      const [key = '', value] = pair.split('=')
      let document: unknown
      do ({ document } = await shown(other, tallyId))
      while (Object(document)[key] !== value)
    }
    for (const each of listening) expect(await each.stop()).toBe(0)
  })
})

const HISTORY_SCHEMA = z.fromJSONSchema(
  JSON.parse(
    readFileSync(
      join(import.meta.dirname, '../../../docs/schemas/tally-history.schema.json'),
      'utf8',
    ),
  ),
)

/** The history as one side tells it, which is as its schema says. */
async function history(directory: string, tallyId: string) {
  const { code, json } = await taleusJson(directory, ['tally', 'history', tallyId])
  expect(HISTORY_SCHEMA.safeParse(json).error).toBeUndefined()
  return { code, changes: Array.isArray(json['changes']) ? json['changes'] : [] }
}

/** Both set one key while they are apart, hear of that when they meet, and settle it; a third person checks it all. */
async function openAndSettled(alice: string, bob: string, tallyId: string): Promise<void> {
  await Promise.all([
    taleus(alice, ['tally', 'set', tallyId, 'note=lunch at two']),
    taleus(bob, ['tally', 'set', tallyId, 'note=dinner']),
  ])
  const text = await taleus(bob, ['tally', 'sync', tallyId, '--wait', '1m'])
  expect(text.code).toBe(0)
  expect(text.stdout).toMatch(/^Both have set "note", and these values stand until one of you /m)
  const sides = await Promise.all(
    [alice, bob].map(async (side) => (await taleusJson(side, ['tally', 'show', tallyId])).json),
  )
  expect(sides[0]?.['conflicts']).toMatchObject([{ key: 'note', values: { length: 2 } }])
  expect(sides[1]?.['conflicts']).toEqual(sides[0]?.['conflicts'])
  expect((await taleus(alice, ['tally', 'list'])).stdout).toContain('BOTH SET "note"; ')
  await taleus(bob, ['tally', 'set', tallyId, 'note=lunch at two'])
  expect((await synced(bob, tallyId, '--wait', '1m')).code).toBe(0)
  const [hers, his] = await Promise.all([history(alice, tallyId), history(bob, tallyId)])
  expect(hers).toEqual(his)
  expect(hers?.changes.map(({ signed }) => signed)).toEqual(['draft', ...Array(6).fill('signed')])
  const away = await dataDirectory()
  const file = join(away, 'lunch.history')
  const exported = await taleus(alice, ['tally', 'history', tallyId, '--export', file])
  expect(exported.code).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const verified = await taleusJson(away, ['verify', file])
  expect(verified.code).toBe(0)
  expect(verified.json).toMatchObject({ ok: true, changes: 6, conflicts: [] })
  expect(verified.json['document']).toEqual((await shown(bob, tallyId)).document)
}

describe('tally sync', () => {
  test('does not end well if the partner would not take what is here', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const listening = await listener(alice)
    const { json: token } = await taleusJson(alice, ['token', 'create'])
    const { json } = await taleusJson(bob, ['bootstrap', String(token['link']), '--yes'])
    const tallyId = String(json['tallyId'])
    expect((await taleus(bob, ['tally', 'set', tallyId, 'note=lunch'])).code).toBe(0)
    // A change without a signature is one that Bob can't be held to.
    const store = new DatabaseSync(join(bob, 'taleus.db'))
    store.exec('DELETE FROM tally_signatures')
    store.close()
    expect(await synced(bob, tallyId)).toMatchObject({
      code: 7,
      tally: { state: 'ahead', problem: 'tally_not_taken' },
    })
    const { sync } = await shown(alice, tallyId)
    expect(sync).toMatchObject({ state: 'stopped', stop: 'unsigned' })
    expect(await synced(bob, tallyId)).toMatchObject({
      code: 7,
      tally: { state: 'ahead', problem: 'tally_not_shared' },
    })
    expect(await listening.stop()).toBe(0)
  })

  test('brings together what both have set while they were apart, and says what it knows', async () => {
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const first = await listener(alice)
    const { json: token } = await taleusJson(alice, ['token', 'create'])
    const { json } = await taleusJson(bob, ['bootstrap', String(token['link']), '--yes'])
    const tallyId = String(json['tallyId'])
    expect(await first.stop()).toBe(0)
    for (const [directory, pair] of [
      [alice, 'note=lunch'],
      [bob, 'limit:=250'],
      [bob, 'limit:=300'],
    ] as const) {
      expect((await taleus(directory, ['tally', 'set', tallyId, pair])).code).toBe(0)
    }
    const away = await synced(bob)
    expect(away.code).toBe(6)
    expect(away.tally).toMatchObject({
      tallyId,
      state: 'unmet',
      ahead: 2,
      behind: 0,
      partnerSeenAt: null,
      problem: 'partner_unreachable',
    })
    const text = await taleus(bob, ['tally', 'show', tallyId])
    expect(text.stdout).toMatch(
      /^document +2 changes here that the partner has not; partner not reached /m,
    )

    const back = await listener(alice, ['--listen', first.addresses[0] ?? ''])
    const met = await synced(bob, tallyId.slice(0, 8), '--wait', '1m')
    expect(met.code).toBe(0)
    expect(met.tally).toMatchObject({ tallyId, state: 'in_sync', ahead: 0, behind: 0, taken: 1 })
    const sides = [await shown(alice, tallyId), await shown(bob, tallyId)]
    expect(sides[0]?.document).toMatchObject({ note: 'lunch', limit: 300 })
    expect(sides[1]?.document).toEqual(sides[0]?.document)
    for (const { sync } of sides) expect(sync).toMatchObject({ state: 'in_sync', missedAt: null })
    const list = await taleus(alice, ['tally', 'list'])
    expect(list.stdout).toContain('in sync, ')
    await openAndSettled(alice, bob, tallyId)
    expect(await back.stop()).toBe(0)
    for (const directory of [alice, bob]) {
      expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
    }
  })
})
