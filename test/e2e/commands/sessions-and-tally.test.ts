import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { madeOnce } from '../support/made-once.ts'
import { ON_POSTGRES } from '../support/store-on-server.ts'

interface Pair {
  readonly alice: string
  readonly bob: string
  readonly tallyId: string
  readonly link: string
  readonly tokenId: string
}

/** Alice invited Bob, who first forgot his name. */
async function bootstrapped(): Promise<Pair> {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await taleus(alice, ['identity', 'set', 'name=Alice'])
  const listening = await listener(alice)
  const { json: token } = await taleusJson(alice, [
    'token',
    'create',
    '--uses',
    '2',
    '--require',
    'name',
  ])
  const link = String(token['link'])
  expect((await taleus(bob, ['bootstrap', link, '--yes'])).code).toBe(7)
  const { code, json } = await taleusJson(bob, [
    'bootstrap',
    link,
    '--yes',
    '--disclose',
    'name=Bob\u202e',
  ])
  expect(code).toBe(0)
  const tallyId = String(json['tallyId'])
  await listening.line(({ to, tallyId: id }) => to === 'COMPLETED' && id === tallyId)
  expect(await listening.stop()).toBe(0)
  return { alice, bob, tallyId, link, tokenId: String(token['id']) }
}

const pairs = madeOnce(bootstrapped)

let pair: Pair

beforeEach(async () => {
  pair = await pairs()
})

describe('sessions', () => {
  test('lists every attempt on either side, and shows one step by step', async () => {
    const { alice, bob, tallyId, tokenId } = pair
    for (const [directory, side] of [
      [alice, 'listener'],
      [bob, 'dialer'],
    ] as const) {
      const { json } = await taleusJson(directory, ['sessions'])
      const [last] = Array.isArray(json['sessions']) ? json['sessions'] : []
      expect(last).toEqual({
        seq: expect.any(Number),
        id: expect.any(String),
        side,
        state: 'COMPLETED',
        reason: null,
        step: null,
        peerId: expect.stringMatching(/^12D3KooW/),
        peerName: side === 'listener' ? 'Bob\u202e' : 'Alice',
        role: 'stock',
        tokenId,
        tallyId,
        tallyStatus: expect.stringMatching(/^(offered|confirmed)$/),
        startedAt: expect.stringMatching(/Z$/),
        endedAt: expect.stringMatching(/Z$/),
        durationMs: expect.any(Number),
        pendingUntil: null,
        protocol: '2.0.0',
      })
      const { json: shown } = await taleusJson(directory, ['sessions', 'show', last.id.slice(0, 6)])
      const transitions: { from: string; to: string; ms: number }[] = Object(shown['transitions'])
      expect(transitions.at(0)?.from).toBe('CREATED')
      expect(transitions.at(-1)?.to).toBe('COMPLETED')
      for (const [at, { from, to, ms }] of transitions.entries()) {
        expect(from).not.toBe(to)
        expect(ms).toBeGreaterThanOrEqual(0)
        if (at > 0) expect(from).toBe(transitions[at - 1]?.to)
      }
      expect(shown['audit']).not.toHaveLength(0)
      const text = await taleus(directory, ['sessions', 'show', last.id])
      expect(text.stdout).toContain('completed')
    }
  })

  test('tell the same digest on both sides, and what is known when they are over', async () => {
    const { alice, bob, tallyId } = pair
    const shown: Record<string, unknown>[] = []
    for (const directory of [alice, bob]) {
      const { json } = await taleusJson(directory, ['sessions', '--limit', '1'])
      const [last] = Array.isArray(json['sessions']) ? json['sessions'] : []
      const session = (await taleusJson(directory, ['sessions', 'show', last.id])).json
      expect(session['tallyId']).toBe(tallyId)
      expect(session).toMatchObject({ pruned: false, retries: 0 })
      const steps: { state: string; ms: number }[] = Object(session['steps'])
      const sum = steps.reduce((all, { ms }) => all + ms, 0)
      expect(sum).toBeCloseTo(Number(session['durationMs']), 6)
      shown.push(session)
      const text = await taleus(directory, ['sessions', 'show', last.id])
      expect(text.stdout).toContain(String(session['transcriptDigest']))
    }
    const [inviters, invitees] = shown
    expect(inviters?.['transcriptDigest']).toMatch(/^[0-9a-f]{64}$/)
    expect(invitees?.['transcriptDigest']).toBe(inviters?.['transcriptDigest'])
    expect([inviters?.['fence'], invitees?.['fence']]).toEqual([expect.any(Number), null])
    // Inspect and contact one way, offer and approval the other.
    expect(inviters?.['frames']).toEqual({ in: 2, out: 2 })
    const bytes = (side: 0 | 1) => Object(shown[side]?.['bytes'])
    expect([bytes(1).in, bytes(1).out]).toEqual([bytes(0).out, bytes(0).in])
  })

  // Of an engine, its contract says how it prunes.
  test.skipIf(ON_POSTGRES)('that were pruned are still told of by the audit', async () => {
    const { bob } = pair
    const { json } = await taleusJson(bob, ['sessions', '--limit', '1'])
    const [last] = Array.isArray(json['sessions']) ? json['sessions'] : []
    const store = openStore(join(bob, 'taleus.db'))
    await store.write(({ pruner }) => pruner.prune(0))
    store.close()
    expect((await taleusJson(bob, ['sessions'])).json['sessions']).toEqual([])
    const { json: shown } = await taleusJson(bob, ['sessions', 'show', last.id.slice(0, 8)])
    const { id, side, state, peerId, tallyId, tokenId } = last
    expect(shown).toMatchObject({ id, side, state, peerId, tallyId, tokenId, pruned: true })
    expect(shown['transitions']).toEqual([])
    expect(shown['audit']).not.toHaveLength(0)
    const { stdout } = await taleus(bob, ['sessions', 'show', id])
    expect(stdout).toContain('Its details were pruned')
    expect(stdout).toContain('completed')
  })

  test.skipIf(ON_POSTGRES)('are kept to a bound on a machine that only redeems, too', async () => {
    const { bob, link } = pair
    const store = openStore(join(bob, 'taleus.db'))
    const old = { side: 'dialer', state: 'FAILED', peerId: 'nobody', endedAt: 2 } as const
    await store.write(({ sessions }) => {
      for (let index = 0; index < 40; index += 1)
        sessions.save({ ...old, id: `old-${index}`, startedAt: 1 })
    })
    store.close()
    // The inviter is away, and the tally is there: nothing has to be done, but the house is kept.
    const env = { TALEUS_SESSION_HISTORY: '20' }
    expect((await taleus(bob, ['bootstrap', link, '--yes'], { env })).code).toBe(0)
    const { json } = await taleusJson(bob, ['sessions'])
    expect(json['sessions']).toHaveLength(21)
  })

  test('can be narrowed, and printed one a line', async () => {
    const { alice, tokenId } = pair
    const { stdout } = await taleus(alice, [
      'sessions',
      'list',
      '--jsonl',
      '--token',
      tokenId.slice(0, 5),
    ])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).tokenId)).toEqual(lines.map(() => tokenId))
    for (const [args, count] of [
      [['--state', 'completed', '--side', 'listener', '--since', '1h'], 1],
      [['--side', 'dialer'], 0],
      [['--state', 'timed-out'], 0],
      [['--limit', '1'], 1],
    ] as const) {
      const { json } = await taleusJson(alice, ['sessions', ...args])
      expect(json['sessions'], args.join(' ')).toHaveLength(count)
    }
    expect((await taleus(alice, ['sessions', '--state', 'lost'])).code).toBe(2)
    expect((await taleus(alice, ['sessions', 'show', 'nobody'])).code).toBe(2)
  })
})

describe('tally', () => {
  test('shows the same document on both sides, and what a peer wrote does nothing to the terminal', async () => {
    const { alice, bob, tallyId } = pair
    const documents: string[] = []
    for (const directory of [alice, bob]) {
      const { json } = await taleusJson(directory, ['tally', 'show', tallyId.slice(0, 8)])
      expect(Object.keys(json)).toEqual(
        expect.arrayContaining(['tallyId', 'status', 'role', 'partner', 'database', 'document']),
      )
      expect(json).toMatchObject({
        tallyId,
        status: 'confirmed',
        database: { engine: 'automerge' },
        signedBy: ['inviter', 'invitee'],
      })
      const { stdout: shown } = await taleus(directory, ['tally', 'show', tallyId])
      expect(shown).toMatch(/^receipt +signed by both sides: taleus tally receipt /m)
      documents.push(JSON.stringify(json['document']))
      for (const args of [
        ['tally', 'show', tallyId],
        ['tally', 'list'],
      ]) {
        const { stdout } = await taleus(directory, args)
        expect(stdout).toContain(tallyId)
        expect(stdout).not.toContain('\u202e')
      }
    }
    expect(documents[0]).toBe(documents[1])
    expect(documents[0]).toContain('Alice')
  })

  test('takes a note, keeps the draft, and audits who did it', async () => {
    const { alice, tallyId } = pair
    const { json: before } = await taleusJson(alice, ['tally', 'show', tallyId])
    const set = await taleusJson(alice, ['tally', 'set', tallyId, 'limit:=250'])
    expect(set).toMatchObject({ code: 0, json: { document: { limit: 250 } } })
    const { json: after } = await taleusJson(alice, ['tally', 'show', tallyId])
    expect(after['document']).toEqual({ ...Object(before['document']), limit: 250 })
    const draft = await taleusJson(alice, ['tally', 'set', tallyId, 'draft=mine'])
    expect(draft).toMatchObject({ code: 2, json: { error: { code: 'draft_overwritten' } } })
    expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
  })
})

test('reissuing grants only the uses that are left', async () => {
  const { alice, tokenId } = pair
  const announce = ['--announce', '/ip4/192.0.2.7/tcp/4710']
  const { json } = await taleusJson(alice, ['token', 'reissue', tokenId, ...announce])
  expect(json).toMatchObject({ uses: 1, replaces: tokenId })
  const { json: shown } = await taleusJson(alice, ['token', 'show', tokenId])
  expect(shown).toMatchObject({ status: 'revoked', used: 1 })
})
