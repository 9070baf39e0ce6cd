import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { layoutOf } from '../../../src/cli/sessions/layout.ts'
import { sessionText, showSession } from '../../../src/cli/sessions/show-session.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { foreignIn } from '../../support/cli/foreign-text.ts'
import { runTaleus } from '../../support/cli/run-taleus.ts'
import { HOSTILE_STRINGS } from '../../support/hostile-strings.ts'

/** How each of a peer's words comes to be written down, wherever a record or a session has room for one. */
function write({ sessions, audit }: Store['repositories'], text: string, n: number): void {
  const id = `s${String(n).padStart(4, '0')}`
  const ids = { tokenId: text, redemptionId: text, peerId: text }
  const summary: SessionSummary = {
    id,
    side: n % 2 === 0 ? 'listener' : 'dialer',
    state: 'FAILED',
    ...ids,
    reason: text,
    step: text,
    detail: text,
    tallyId: text,
    remoteAddress: text,
    startedAt: 1_000 + n,
    endedAt: 2_000 + n,
    durationMs: 1,
    steps: [{ state: text, ms: 1 }],
  }
  sessions.save(summary, [{ seq: 1, from: text, to: 'FAILED', event: text, at: 1_000, ms: 1 }])
  const told = { at: 1_000 + n, monotonic: 1, sessionId: id, ...ids }
  const data = { event: text, reason: text, code: text, tallyId: text, [text]: { [text]: [text] } }
  const about = { ...told, severity: 'alarm', data } as const
  for (const type of ['token', 'database', 'security', 'operator'] as const) {
    audit.append({ ...about, type })
  }
  const command = { command: text, user: text, why: text }
  audit.append({ ...about, type: 'operator', data: command })
  const path = { path: [text, 'FAILED'], ms: [1], reason: text, step: text }
  audit.append({ ...about, type: 'state', data: path })
  const reasons = { [text]: { count: 1 } }
  audit.append({ ...about, type: 'security', data: { event: 'refused', reasons } })
}

let directory: string

// Nothing in here changes what is kept: one directory is enough.
beforeAll(async () => {
  const path = await mkdtemp(join(tmpdir(), 'taleus-test-'))
  directory = join(path, 'party')
  const made = await runTaleus(['identity', 'set', 'name=', '--data-dir', directory])
  expect(made).toMatchObject({ code: 0 })
  const store = openStore(join(directory, 'taleus.db'))
  await store.write((repositories) => {
    for (const [n, text] of HOSTILE_STRINGS.entries()) write(repositories, text, n)
  })
  store.close()
  return () => rm(path, { recursive: true, force: true })
})

async function expectHarmless(words: readonly string[], code = 0): Promise<string> {
  const ended = await runTaleus([...words, '--data-dir', directory])
  expect(ended.code, `${words.join(' ')}: ${ended.stderr}`).toBe(code)
  // The ends of lines that CSV has.
  const shown = (ended.stdout + ended.stderr).replaceAll('\r\n', '\n')
  expect(foreignIn(shown), words.join(' ')).toBeUndefined()
  return ended.stdout
}

it('there are enough of them, and most are foreign by themselves', () => {
  expect(HOSTILE_STRINGS.length).toBeGreaterThanOrEqual(50)
  expect(HOSTILE_STRINGS.filter((text) => foreignIn(text) !== undefined).length).toBeGreaterThan(40)
})

it.each([
  [['sessions', '--limit', '1000']],
  [['sessions', '--limit', '1000', '--json']],
  [['sessions', '--limit', '1000', '--jsonl']],
  [['sessions', 'export']],
  [['audit', 'query']],
  [['audit', 'query', '--json']],
  [['audit', 'query', '--jsonl']],
  [['audit', 'export', '--format', 'json']],
  [['audit', 'export', '--format', 'csv']],
  [['audit', 'report']],
  [['audit', 'report', '--json']],
])('nothing that a peer wrote gets out as it is: %j', async (words) => {
  const stdout = await expectHarmless(words)
  expect(stdout).toContain('HYPERLINK')
})

it('no cell of the CSV begins like a formula', async () => {
  const csv = await expectHarmless(['audit', 'export', '--format', 'csv'])
  expect(csv).toContain(`"'=HYPERLINK(""http://example.org""`)
  expect(csv).not.toMatch(/(^|,)"?[=+\-@＝＋－＠]/m)
})

it('sessions replay tells of a journal that is none', async () => {
  const stdout = await expectHarmless(['sessions', 'replay', 's0000', '--json'], 11)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { exitCode: 11 } })
  await expectHarmless(['sessions', 'show', 's0000', '--json'])
})

it('sessions show, of each of them', async () => {
  const [width, locations] = [80, { dataDirectory: directory, settingsDirectory: directory }]
  for (const [n] of HOSTILE_STRINGS.entries()) {
    const shown = await showSession(locations, `s${String(n).padStart(4, '0')}`)
    const text = sessionText(shown, { ...layoutOf(process.stdout), width })
    expect(foreignIn(text), `${n}`).toBeUndefined()
  }
})

it('sessions compare, of a file that a peer made', async () => {
  const ours = join(directory, 'ours.jsonl')
  const theirs = join(directory, 'theirs.jsonl')
  await runTaleus(['sessions', 'export', '--out', ours, '--data-dir', directory])
  const { peerId } = JSON.parse(
    (await runTaleus(['identity', 'show', '--json', '--data-dir', directory])).stdout,
  )
  const head = { type: 'taleus sessions', v: 1, peerId: 'theirs' }
  const stories = HOSTILE_STRINGS.map((text) => ({
    id: text,
    side: 'dialer',
    state: 'COMPLETED',
    reason: text,
    peerId,
    role: text,
    tokenId: text,
    redemptionId: text,
    tallyId: text,
    tallyStatus: text,
    transcriptDigest: text,
  }))
  const lines = [head, ...stories].map((line) => JSON.stringify(line))
  await writeFile(theirs, lines.join('\n'))
  for (const words of [[], ['--json']]) {
    const stdout = await expectHarmless(['sessions', 'compare', ours, theirs, ...words], 11)
    expect(stdout).toContain('HYPERLINK')
  }
})
