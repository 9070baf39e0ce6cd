import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

/** What the audit holds of changed settings. */
function operatorsIn(directory: string): readonly unknown[] {
  const store = openStore(join(directory, 'taleus.db'))
  const records = [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
  store.close()
  return records.flatMap(({ type, data }) =>
    type === 'operator' && data.command === 'config' ? [data] : [],
  )
}

test('a running listener takes a changed limit up at once, and the audit tells who changed it', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice)
  const first = await taleusJson(alice, ['config', 'set', 'rate-limit', '1'])
  expect(first).toMatchObject({ code: 0, json: { value: 1, listener: { take: 'now' } } })
  const { json } = await taleusJson(alice, ['token', 'create', '--unlimited'])
  const link = String(json['link'])
  const redeem = ['bootstrap', link, '--yes', '--another']
  expect((await taleus(bob, redeem)).code).toBe(0)
  expect(await taleusJson(bob, [...redeem, '--timeout', '1s'])).toMatchObject({ code: 9 })
  await taleus(alice, ['config', 'set', 'rate-limit', '600'])
  expect((await taleus(bob, redeem)).code).toBe(0)
  await taleus(alice, ['config', 'set', 'rate-limit'])
  const restart = await taleusJson(alice, ['config', 'set', 'http', '127.0.0.1:0'])
  expect(restart).toMatchObject({ json: { listener: { take: 'restart' } } })
  expect(await listening.stop()).toBe(0)
  const none = await taleusJson(alice, ['config', 'set', 'max-sessions', '5'])
  expect(none).toMatchObject({ json: { listener: { take: 'none' } } })
  expect(operatorsIn(alice)).toMatchObject([
    { user: expect.any(String), changes: [{ key: 'rate-limit', from: 10, to: 1 }] },
    { changes: [{ key: 'rate-limit', from: 1, to: 600 }] },
    { changes: [{ key: 'rate-limit', from: 600, to: 10, source: 'default' }] },
    { changes: [{ key: 'http', effect: 'restart' }] },
    { changes: [{ key: 'max-sessions', from: 100, to: 5 }] },
  ])
})

test('what the listener’s command line says wins, and that is told', async () => {
  const directory = await dataDirectory()
  await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0', '--max-sessions', '50'])
  const set = await taleus(directory, ['config', 'set', 'max-sessions', '5'])
  expect(set).toMatchObject({ code: 0, stdout: '5\n' })
  expect(set.stderr).toContain('goes on with 50: so its command line says')
  expect(operatorsIn(directory)).toMatchObject([{ changes: [{ key: 'max-sessions', to: 5 }] }])
})

test('SIGHUP has the settings read again, and says what changed or why nothing does', async () => {
  const directory = await dataDirectory()
  const listening = await listener(directory)
  const file = join(directory, 'settings.json')
  await writeFile(file, '{"max-sessions":7}', { mode: 0o600 })
  listening.signal('SIGHUP')
  expect(await listening.line(({ type }) => type === 'config')).toMatchObject({
    changes: [{ key: 'max-sessions', from: 100, to: 7, source: 'file', effect: 'now' }],
  })
  await writeFile(file, '{"max-sessions":0}', { mode: 0o600 })
  listening.signal('SIGHUP')
  const problem = await listening.line(({ type }) => type === 'problem')
  expect(problem['detail']).toContain('max-sessions takes 1 to 100000')
  expect(await listening.stop()).toBe(0)
})

test('a minimal audit holds no steps of sessions on either side, and all that is about money', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, [
    ...['--listen', '/ip4/127.0.0.1/tcp/0'],
    ...['--http', '127.0.0.1:0'],
  ])
  for (const directory of [alice, bob])
    expect((await taleus(directory, ['config', 'set', 'audit-level', 'minimal'])).code).toBe(0)
  const wrong = await taleus(alice, ['config', 'set', 'audit-level', 'some'])
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(wrong.stderr).toContain('full or minimal')
  const { json } = await taleusJson(alice, ['token', 'create'])
  expect((await taleus(bob, ['bootstrap', String(json['link']), '--yes'])).code).toBe(0)
  expect(await listening.stop()).toBe(0)
  const [ofAlice, ofBob] = [typesIn(alice), typesIn(bob)]
  expect(ofAlice).not.toContain('state')
  expect(ofBob).not.toContain('state')
  expect(ofAlice).toEqual(
    expect.arrayContaining(['token issued', 'token reserved', 'token committed', 'token consumed']),
  )
  for (const directory of [alice, bob])
    expect((await taleus(directory, ['audit', 'verify'])).code).toBe(0)
})

/** The kinds of the audit's records, with what happened. */
function typesIn(directory: string): readonly string[] {
  const store = openStore(join(directory, 'taleus.db'))
  const records = [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
  store.close()
  return records.map(({ type, data }) => (type === 'token' ? `${type} ${data.event}` : type))
}
