import { expect, test } from 'vitest'
import { dataDirectory, listener, startTaleus, taleus, taleusJson } from '../support/cli.ts'

async function bootstrapped(directory: string): Promise<void> {
  const { json } = await taleusJson(directory, ['token', 'create'])
  const bob = await dataDirectory()
  expect((await taleus(bob, ['bootstrap', String(json['link']), '--yes'])).code).toBe(0)
}

test('sessions watch tells each move as a line, until the listener stops', async () => {
  const alice = await dataDirectory()
  const running = await listener(alice)
  const text = startTaleus(alice, ['sessions', 'watch'])
  const json = startTaleus(alice, ['sessions', 'watch', '--json', '--state', 'completed'])
  // A watcher says nothing before something happens; so it is tried again until both are there.
  await bootstrapped(alice)
  await bootstrapped(alice)
  await running.stop()
  const [lines, documents] = [await text.finished, await json.finished]
  expect(lines).toMatchObject({ code: 0, stderr: '' })
  expect(lines.stdout).toMatch(/\w{8} {2}….{8} {2}checking the token\n/)
  expect(lines.stdout).toMatch(/stopped \(asked to by SIGTERM\)\n$/)
  const events = documents.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'SIGTERM' })
  const states = new Set(events.slice(0, -1).map(({ state }) => state))
  expect([...states]).toEqual(['COMPLETED'])
})

test.each([[['sessions', 'watch']], [['dashboard']]])(
  '%j without a listener says so, and what to do',
  async (command) => {
    const directory = await dataDirectory()
    await taleus(directory, ['identity', 'show'])
    const ended = await taleus(directory, command)
    expect(ended).toMatchObject({ code: 6, stdout: '' })
    expect(ended.stderr).toContain('taleus listen')
  },
)

test('dashboard --json is a recording that plays as lines', async () => {
  const alice = await dataDirectory()
  const running = await listener(alice)
  const recorder = startTaleus(alice, ['dashboard', '--json'])
  await bootstrapped(alice)
  await running.stop()
  const { stdout, code } = await recorder.finished
  expect(code).toBe(0)
  const types = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).type)
  expect(types[0]).toBe('ready')
  expect(types.at(-1)).toBe('stopped')
  const { writeFile } = await import('node:fs/promises')
  await writeFile(`${alice}/recording.jsonl`, stdout)
  const played = await taleus(await dataDirectory(), [
    'dashboard',
    '--replay',
    `${alice}/recording.jsonl`,
  ])
  expect(played.code).toBe(0)
  expect(played.stdout).toMatch(/listening as 12D3KooW/)
  expect(played.stdout).toMatch(/stopped \(asked to by SIGTERM\)\n$/)
})
