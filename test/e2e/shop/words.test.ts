import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { onTerminal } from '../support/terminal.ts'

/** Two parties; the first listens, and has an invitation for the second. */
async function parties() {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, ['--listen', '/ip4/127.0.0.1/tcp/0'])
  const { json: token } = await taleusJson(alice, ['token', 'create', '--unlimited'])
  return { alice, bob, listening, link: String(token['link']) }
}

test('both screens show the same four words, and a tally that was not compared can be refused', async () => {
  const { alice, bob, listening, link } = await parties()
  const { json: made } = await taleusJson(bob, ['bootstrap', link, '--yes'])
  const words = String(Object(made)['words'].join(' '))
  const id = String(made['tallyId'])
  expect(words.split(' ')).toHaveLength(4)
  const told = await listening.line(({ type }) => type === 'words')
  expect(told).toMatchObject({ tallyId: id, words: words.split(' ') })
  expect((await taleus(alice, ['tally', 'show', id])).stdout).toContain(`${words} (not compared)`)
  const { json: sessions } = await taleusJson(alice, ['sessions', '--state', 'COMPLETED'])
  const [session] = Object(sessions)['sessions'].filter(
    ({ tallyId }: { tallyId: string | null }) => tallyId === id,
  )
  expect((await taleus(alice, ['sessions', 'show', session.id])).stdout).toContain(words)

  await taleus(bob, ['config', 'set', 'compare', 'required'])
  const set = ['tally', 'set', id, 'note=hello']
  const refused = { code: 2, json: { error: { code: 'not_compared' } } }
  expect(await taleusJson(bob, set)).toMatchObject(refused)
  expect(await taleusJson(bob, ['tally', 'sync'])).toMatchObject({ code: 2 })
  const nobody = await taleusJson(bob, ['tally', 'compare', id])
  expect(nobody).toMatchObject({ code: 2, json: { error: { code: 'not_interactive' } } })
  const slip = await taleusJson(bob, ['tally', 'compare', id, 'cluo', 'one', 'two', 'three'])
  expect(slip).toMatchObject({ code: 2, json: { error: { code: 'usage' } } })
  const others = await taleusJson(bob, ['tally', 'compare', id, 'zoo zoo zoo zoo'])
  expect(others).toMatchObject({ code: 11, json: { error: { code: 'words_differ' } } })
  expect(await taleusJson(bob, set)).toMatchObject(refused)
  const same = await taleusJson(bob, ['tally', 'compare', id, ...words.toUpperCase().split(' ')])
  expect(same).toMatchObject({ code: 0, json: { compared: true, words: words.split(' ') } })
  expect(await taleusJson(bob, set)).toMatchObject({ code: 0, json: { compared: true } })
  expect(await taleusJson(bob, ['tally', 'sync'])).toMatchObject({ code: 0 })
  const { stdout: audit } = await taleus(bob, ['audit', 'query', '--json'])
  expect(audit).toContain('words.differ')
})

test('bootstrap --compare asks a person, and says no without one before anything is begun', async () => {
  const { alice, bob, link } = await parties()
  const alone = await taleusJson(bob, ['bootstrap', link, '--yes', '--compare'])
  expect(alone).toMatchObject({ code: 2, json: { error: { code: 'not_interactive' } } })
  expect((await taleusJson(alice, ['tally', 'list'])).json).toMatchObject({ tallies: [] })
  const terminal = onTerminal(bob, ['bootstrap', link, '--yes', '--compare'])
  await terminal.shows('show the same words?')
  terminal.type('y\r')
  expect(await terminal.exited).toBe(0)
  const { json } = await taleusJson(bob, ['tally', 'list'])
  const [tally] = Object(json)['tallies']
  const shown = await taleusJson(bob, ['tally', 'show', tally.tallyId])
  expect(shown.json).toMatchObject({ compared: true })
})

test('a listener’s reaper is paused and goes on, also by a later listener', async () => {
  const alice = await dataDirectory()
  const reaping = ['--listen', '/ip4/127.0.0.1/tcp/0', '--reap', 'expired']
  const first = await listener(alice, reaping)
  const paused = await taleusJson(alice, ['reap', 'pause', '--for', '2d', '--reason', 'audit'])
  expect(paused).toMatchObject({ code: 0, json: { changed: true, isReaping: true } })
  expect(await first.stop()).toBe(0)
  const second = await listener(alice, reaping)
  const until = async () => Object((await taleusJson(alice, ['status'])).json['reaping'])
  expect(await until()).toMatchObject({ pausedUntil: expect.any(Number), reaped: { expired: 0 } })
  expect((await taleus(alice, ['status'])).stdout).toContain('PAUSED until')
  expect((await taleusJson(alice, ['reap', 'resume'])).json).toMatchObject({ changed: true })
  expect(await until()).not.toHaveProperty('pausedUntil')
  expect(await second.stop()).toBe(0)
  expect((await taleusJson(alice, ['reap', '--dry-run'])).json).toMatchObject({
    totals: { examined: 0, reaped: 0, left: 0 },
  })
})
