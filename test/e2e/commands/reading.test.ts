import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

interface Three {
  /** Invited both: Bob redeemed twice, once as stock and once as foil; Carol came too late. */
  readonly alice: string
  readonly bob: string
  readonly tokenId: string
}

async function bootstrapped(): Promise<Three> {
  const [alice, bob, carol] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const tokens: Record<string, unknown>[] = []
  for (const role of ['stock', 'foil']) {
    const { json } = await taleusJson(alice, ['token', 'create', '--role', role])
    tokens.push(json)
    const link = String(json['link'])
    expect((await taleus(bob, ['bootstrap', link, '--yes'])).code).toBe(0)
    expect((await taleus(carol, ['bootstrap', link, '--yes'])).code).toBe(5)
  }
  expect(await listening.stop()).toBe(0)
  return { alice, bob, tokenId: String(tokens[0]?.['id']) }
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const rows = (value: unknown): Record<string, unknown>[] => Object(value)

describe('who reads what happened', () => {
  // Nothing in here changes what happened: one world is enough, and outlives the test that made it.
  let three: Three
  let kept: string | undefined

  beforeEach(async () => {
    if (kept !== undefined) return
    const { alice, bob, tokenId } = await bootstrapped()
    kept = await mkdtemp(join(tmpdir(), 'taleus-e2e-'))
    three = { alice: join(kept, 'alice'), bob: join(kept, 'bob'), tokenId }
    await cp(alice, three.alice, { recursive: true })
    await cp(bob, three.bob, { recursive: true })
  })

  afterAll(async () => {
    if (kept !== undefined) await rm(kept, { recursive: true, force: true })
  })

  test('finds records by what they are about, in every form alike', async () => {
    const { alice, tokenId } = three
    const all = lines((await taleus(alice, ['audit', 'query', '--jsonl'])).stdout)
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
    const alarms = await taleusJson(alice, ['audit', 'query', '--severity', 'alarm'])
    const found = rows(alarms.json['records'])
    expect(found.map(({ data }) => Object(data).event)).toEqual(['token.reuse', 'token.reuse'])
    const ofToken = ['audit', 'query', '--token', tokenId.slice(0, 6), '--type', 'token']
    const { stdout } = await taleus(alice, ofToken)
    expect(stdout).toMatch(/ issued .*\n.* reserved .*\n.* committed .*\n.* consumed /)
    const newest = lines((await taleus(alice, [...ofToken, '--limit', '2', '--jsonl'])).stdout)
    expect(newest).toHaveLength(2)
    expect(newest.every((each) => each['tokenId'] === tokenId)).toBe(true)
    const last = all.at(-1)?.['at']
    const late = await taleusJson(alice, ['audit', 'query', '--since', String(last)])
    expect(rows(late.json['records']).map(({ at }) => at)).toContain(last)
    expect((await taleus(alice, ['audit', 'query', '--until', '100d'])).stdout).toBe('')
  })

  test('is told when an id that was shortened could be several', async () => {
    const { alice } = three
    for (const args of [
      ['audit', 'query', '--peer', '12D3Koo'],
      ['sessions', '--peer', '12D3Koo'],
    ]) {
      const { code, json } = await taleusJson(alice, args)
      expect([code, json['error']]).toEqual([2, expect.objectContaining({ code: 'ambiguous_id' })])
    }
    const { json } = await taleusJson(alice, ['sessions'])
    const [first] = rows(json['sessions'])
    const peer = String(first?.['peerId']).slice(-8)
    const some = rows((await taleusJson(alice, ['sessions', '--peer', peer])).json['sessions'])
    expect(new Set(some.map(({ peerId }) => peerId))).toEqual(new Set([first?.['peerId']]))
  })

  test('exports into a file of its own that is never replaced unasked', async () => {
    const { alice } = three
    const file = join(alice, 'audit.csv')
    const args = ['audit', 'export', '--format', 'csv', '--out', file]
    expect((await taleus(alice, args)).code).toBe(0)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const first = await readFile(file, 'utf8')
    expect(first).toMatch(/^"seq","at","severity","type"/)
    await writeFile(file, 'mine')
    const { code, json } = await taleusJson(alice, args)
    expect([code, json['error']]).toEqual([2, expect.objectContaining({ code: 'file_exists' })])
    expect(await readFile(file, 'utf8')).toBe('mine')
    const { json: done } = await taleusJson(alice, [...args, '--force'])
    expect(done).toEqual({ file, records: first.split('\r\n').length - 2 })
    expect(await readFile(file, 'utf8')).toBe(first)
    const asJson = JSON.parse((await taleus(alice, ['audit', 'export', '--format', 'json'])).stdout)
    const asLines = lines((await taleus(alice, ['audit', 'export'])).stdout)
    expect(asJson.records).toEqual(asLines)
  })

  test('has a period summed up', async () => {
    const { alice, bob } = three
    const { json } = await taleusJson(alice, ['audit', 'report', '--since', '1h'])
    expect(json['invitations']).toMatchObject({
      issued: { stock: 1, foil: 1 },
      redeemed: 2,
      refused: { used: 2 },
    })
    expect(json['sessions']).toMatchObject({ completed: 2, failed: 2, durations: { count: 2 } })
    expect(json['anomalies']).toMatchObject([{ what: 'token.reuse', count: 2 }])
    expect((await taleus(alice, ['audit', 'report'])).stdout).toContain('2 × token.reuse')
    expect((await taleus(bob, ['audit', 'report'])).stdout).toMatch(/completed +2\n/)
    expect((await taleus(bob, ['audit', 'report', '--until', '1d'])).stdout).toBe('No records.\n')
  })

  test('turns the pages of the sessions without a gap', async () => {
    const { alice } = three
    const whole = rows((await taleusJson(alice, ['sessions'])).json['sessions'])
    const seen: unknown[] = []
    for (let next: unknown; ; ) {
      const from = next === undefined ? [] : ['--before', String(next)]
      const { json } = await taleusJson(alice, ['sessions', '--limit', '1', ...from])
      seen.push(...rows(json['sessions']))
      next = json['next']
      if (next === null) break
    }
    expect(seen).toEqual(whole)
    const { json } = await taleusJson(alice, ['sessions', '--after', '0'])
    expect(rows(json['sessions'])).toEqual(whole.toReversed())
  })

  test('sees the way of a session with its times, under the same redemption on both sides', async () => {
    const { alice, bob } = three
    const redemptions: unknown[] = []
    for (const directory of [alice, bob]) {
      const list = await taleusJson(directory, ['sessions', '--state', 'completed'])
      const [last] = rows(list.json['sessions'])
      const id = String(last?.['id'])
      const { json } = await taleusJson(directory, ['sessions', 'show', id])
      redemptions.push(json['redemptionId'])
      expect(json).toMatchObject({ deadline: null, undone: [] })
      const { stdout } = await taleus(directory, ['sessions', 'show', id])
      expect(stdout).toMatch(/0\.00 ms +CREATED +just begun .*ms\n/)
      expect(stdout).toMatch(/ms +COMPLETED +completed\n/)
    }
    expect(redemptions).toEqual([expect.any(String), redemptions[0]])
  })

  test('replays a session, and is told where its journal does not lead to it', async () => {
    const { alice } = three
    const [last] = rows((await taleusJson(alice, ['sessions'])).json['sessions'])
    const args = ['sessions', 'replay', String(last?.['id']).slice(0, 6)]
    expect(await taleusJson(alice, args)).toMatchObject({ code: 0, json: { ok: true } })
    const database = new DatabaseSync(join(alice, 'taleus.db'))
    const set = (state: string) =>
      database.prepare('UPDATE sessions SET state = ? WHERE seq = ?').run(state, 1)
    const [{ state, id } = {}] = [
      Object(database.prepare('SELECT state, id FROM sessions WHERE seq = 1').get()),
    ]
    set('TIMEOUT')
    const { code, json } = await taleusJson(alice, ['sessions', 'replay', id])
    set(state)
    database.close()
    expect(code).toBe(11)
    expect(json).toMatchObject({
      ok: false,
      differences: [{ field: 'state', replayed: state, stored: 'TIMEOUT' }],
      error: { code: 'journal_broken', exitCode: 11 },
    })
  })

  test('compares what two sides exported, and is told where it parts', async () => {
    const { alice, bob } = three
    const [a, b, worse] = ['a', 'b', 'worse'].map((name) => join(alice, `${name}.jsonl`))
    if (a === undefined || b === undefined || worse === undefined) throw new Error('no names')
    for (const [directory, file] of [
      [alice, a],
      [bob, b],
    ] as const) {
      expect((await taleus(directory, ['sessions', 'export', '--out', file])).code).toBe(0)
      const [head, ...sessions] = lines(await readFile(file, 'utf8'))
      expect(head).toMatchObject({ type: 'taleus sessions', v: 1, exportedAt: expect.any(String) })
      for (const each of sessions) {
        expect(each).toMatchObject({ transitions: expect.any(Array), audit: expect.any(Array) })
      }
    }
    const alike = await taleusJson(alice, ['sessions', 'compare', a, b])
    expect(alike).toMatchObject({
      code: 0,
      json: { same: true, matched: 2, differing: [], onlyA: [], onlyB: [], a: { others: 2 } },
    })
    const [head, first, ...rest] = lines(await readFile(b, 'utf8'))
    const digest = '0'.repeat(64)
    const [said, ...others] = rows(first?.['messages'])
    expect(said).toMatchObject({
      from: 'respondent',
      type: 'Inspect',
      bytes: expect.any(Number),
    })
    const messages = [{ ...said, type: '\u001b[31mOther' }, ...others]
    const told = [
      head,
      { ...first, transcriptDigest: digest, messages, tallyId: '\u001b[2Jgone' },
      ...rest,
    ]
    await writeFile(worse, told.map((line) => JSON.stringify(line)).join('\n'))
    const { code, json } = await taleusJson(alice, ['sessions', 'compare', a, worse])
    expect(code).toBe(11)
    expect(json).toMatchObject({ same: false, matched: 1, error: { code: 'stories_differ' } })
    const [differing] = rows(json['differing'])
    const what = rows(differing?.['differences']).map((each) => each['what'])
    expect(what).toEqual(['transcript', 'tallyId'])
    expect(rows(differing?.['differences'])[0]?.['message']).toMatchObject({ number: 1, a: said })
    const { stdout } = await taleus(alice, ['sessions', 'compare', a, worse])
    expect(stdout).toContain(String.raw`\x1b[2Jgone`)
    expect(stdout).toContain('message 1: A Inspect of')
    expect(stdout).toContain(String.raw`B \x1b[31mOther of`)
    await writeFile(worse, '{"type":"something else"}\n')
    expect((await taleus(alice, ['sessions', 'compare', a, worse])).code).toBe(2)
    expect((await taleus(alice, ['sessions', 'compare', a, a])).code).toBe(2)
  })
})
