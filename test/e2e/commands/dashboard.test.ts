import { writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleusJson } from '../support/cli.ts'
import {
  onTerminal,
  SLOW_TERMINAL,
  type TerminalInit,
  type TerminalProcess,
} from '../support/terminal.ts'

const LISTEN = ['listen', '--listen', '/ip4/127.0.0.1/tcp/0', '--rate-limit', '1000']

/** A link that anybody may use, of a listener on loopback. */
async function linkOf(directory: string, ...flags: readonly string[]): Promise<string> {
  const { json } = await taleusJson(directory, ['token', 'create', '--unlimited', ...flags])
  return String(json['link'])
}

/** An invitee in this process. @param provision what it does when it has to build a database */
async function invitee(provision?: () => Promise<never>): Promise<Redeemer> {
  const hooks = createMemoryHooks()
  const database =
    provision === undefined
      ? hooks.database
      : Object.assign(Object.create(hooks.database), { provision })
  const redeemer = new Redeemer({
    store: openMemoryStore(),
    hooks: { ...hooks, database },
    key: generatePrivateKeyBytes(),
    config: { sessionTimeoutMs: 60_000, stepTimeoutMs: 60_000, provisionTimeoutMs: 60_000 },
  })
  await redeemer.start()
  onTestFinished(() => redeemer.stop())
  return redeemer
}

/** Peers that open a stream and say nothing, as soon as the function that it resolves with is called. */
async function silent(directory: string, link: string, peers: number) {
  const { json } = await taleusJson(directory, ['identity', 'show'])
  const [inviter, { addresses }] = [String(json['peerId']), decodeLink(link)]
  const dialers = await Promise.all(
    Array.from({ length: peers }, async () => {
      const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
      const node = await createDialNode({ privateKey })
      onTestFinished(() => void stopNode(node))
      return createDialer(node)
    }),
  )
  return async (): Promise<void> => {
    const signal = AbortSignal.timeout(30_000)
    const dials = dialers.map((dialer) => dialer.dial(inviter, addresses, signal))
    for (const transport of await Promise.all(dials))
      transport.listen({ frame() {}, problem() {}, ended() {}, closed() {} })
  }
}

/** Invitees that are asked to build a database, and take for ever. */
async function building(link: string, peers: number): Promise<void> {
  for (let at = 0; at < peers; at += 1) {
    const slow = await invitee(() => new Promise(() => undefined))
    void slow.redeemText(link, {}).catch(() => undefined)
  }
}

async function redeemed(link: string, peers: number): Promise<void> {
  const all = await Promise.all(Array.from({ length: peers }, () => invitee()))
  const outcomes = await Promise.all(all.map((each) => each.redeemText(link, {})))
  expect(outcomes.filter(({ completed }) => !completed)).toEqual([])
}

/** No line of it is longer than the screen, and none is lost behind its end. */
function expectWhole(screen: string, columns: number, rows: number): void {
  const lines = screen.split('\n')
  expect(lines.length).toBeLessThanOrEqual(rows)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
  expect(lines[0]).toContain('taleus')
}

async function listening(
  directory: string,
  flags: readonly string[] = [],
  init: TerminalInit = { columns: 120, rows: 40 },
): Promise<TerminalProcess> {
  const terminal = onTerminal(directory, [...LISTEN, ...flags], init)
  await terminal.shows('No sessions yet.')
  return terminal
}

test('thirty sessions in different states: counted down, timed out, filtered, looked at, at any size', async () => {
  const alice = await dataDirectory()
  const times = ['--step-timeout', '8s', '--session-timeout', '60s']
  const env = { TALEUS_PROVISION_TIMEOUT: '60s' }
  const view = await listening(alice, times, { columns: 120, rows: 40, env })
  const [stock, foil] = [
    await linkOf(alice, '--label', 'till'),
    await linkOf(alice, '--role', 'foil', '--label', 'garden'),
  ]
  const sayNothing = await silent(alice, stock, 10)
  await redeemed(stock, 10)
  await building(foil, 10)
  const count = (screen: string, text: string) => screen.split(text).length - 1
  const isBuilding = (screen: string) => count(screen, '○ awaiting the result') === 10
  await view.until('ten that build', isBuilding)
  // The last, since their time is short.
  await sayNothing()
  const full = await view.until(
    'thirty sessions',
    (screen) =>
      isBuilding(screen) &&
      count(screen, '○ reading the request') === 10 &&
      // As many as there is room for below those under way.
      count(screen, '✓ completed ') === 6 &&
      count(screen, ' till ') === 6,
  )
  expect(full).toContain('20 of 100 under way')
  expect(full).toContain('1-26 of 30')
  expect(full).toContain('✓ 10 completed')
  expectWhole(full, 120, 40)

  // The steps of the silent ones run out, are seen to run out, and end.
  const seconds = (screen: string) => Number(/reading the request.*?(\d+)s/.exec(screen)?.[1] ?? 99)
  await view.until('a countdown', (screen) => seconds(screen) <= 6)
  const ended = await view.shows('◷ 10 timed out')
  expect(ended).toContain('◷ timed out reading the request')

  view.type('/garden\r')
  await view.until(
    'only the garden',
    (screen) => !screen.includes('timed out reading') && screen.includes('garden'),
  )
  view.type('j\r')
  const details = await view.shows('WHAT HAPPENED')
  expect(details).toMatch(/invitation +garden/)
  expect(details).toContain('so far')
  view.type('\u001b')
  await view.until('the list', (screen) => !screen.includes('WHAT HAPPENED'))
  // The filter is asked for anew, and taken back.
  view.type('/\u001b')
  await view.shows('timed out reading the request')

  view.resize(40, 10)
  const small = await view.until('a small frame', (screen) =>
    /^taleus {2}\d+ of 100 under way/.test(screen),
  )
  expectWhole(small, 40, 10)
  view.resize(120, 40)
  const big = await view.until('a big frame again', (screen) => screen.includes('── trail'))
  expectWhole(big, 120, 40)
  expect(view.scrolledOff).toBe(0)
})

test('what an invitee disclosed is shown with its session, and hostile names do no harm', async () => {
  const alice = await dataDirectory()
  const view = await listening(alice)
  const link = await linkOf(alice, '--require', 'name', '--label', '漢字 🚲 till')
  const bob = await invitee()
  const hostile = 'Bob \u001b[2J\u202eevil\u0007'
  expect(await bob.redeemText(link, { name: hostile })).toMatchObject({ completed: true })
  await view.shows('✓ completed')
  await view.shows(' Bob ')
  view.type('j\r')
  const details = await view.shows('disclosed')
  expect(details).toMatch(/disclosed +name: Bob .*evil/)
  expect(details).toContain('\\u202e')
  expect(view.raw).not.toContain('\u202e')
  expect(view.raw).not.toContain('\u0007')
})

test('^C once drains with a countdown, twice leaves at once; the terminal is as it was', async () => {
  const alice = await dataDirectory()
  const view = await listening(alice, [
    '--step-timeout',
    '60s',
    '--session-timeout',
    '60s',
    '--drain-timeout',
    '50s',
  ])
  await building(await linkOf(alice, '--role', 'foil'), 1)
  await view.shows('awaiting the result')
  view.type('\u0003')
  const screen = await view.until('a countdown', (text) =>
    /stopping: 1 under way, up to \d+s more/.test(text),
  )
  expect(screen).toContain('^C again to leave now')
  await view.until('time passing', (text) => /up to 4[0-8]s more/.test(text))
  view.type('\u0003')
  expect(await view.exited).toBe(130)
  expect(view.isRestored).toBe(true)
})

test.each([
  ['q', (view: TerminalProcess) => view.type('q'), 'interrupted'],
  ['SIGTERM', (view: TerminalProcess) => view.signal('SIGTERM'), 'asked to by SIGTERM'],
] as const)(
  '%s ends it in good order, with a summary on the first screen',
  async (_, end, reason) => {
    const alice = await dataDirectory()
    const view = await listening(alice)
    expect(view.isAlternate).toBe(true)
    end(view)
    expect(await view.exited).toBe(0)
    expect(view.isRestored).toBe(true)
    const screen = view.screen.join('\n')
    expect(screen).toContain(`stopped (${reason})`)
    expect(screen).toContain('0 completed, 0 failed, 0 timed out, 0 refused')
  },
)

test('a window that is closed ends `listen` in good order, whatever it shows', async () => {
  const ends = [[], ['--plain'], ['--log', 'json', '--plain']].map(async (flags) => {
    const alice = await dataDirectory()
    const view = onTerminal(alice, [...LISTEN, ...flags])
    await view.until('it listens', (screen) => /No sessions yet|listening as|"ready"/.test(screen))
    view.closeWindow()
    await view.exited
    await expect.poll(() => view.state, { timeout: 30_000, interval: 100 }).toBeUndefined()
    const { json } = await taleusJson(alice, ['audit', 'query'])
    const records = JSON.stringify(json)
    expect(records, flags.join(' ')).toContain('listener.stopped')
    expect(records, flags.join(' ')).not.toContain('alarm')
  })
  await Promise.all(ends)
})

test('a listener whose terminal nobody reads goes on serving, and obeys SIGTERM', async () => {
  const alice = await dataDirectory()
  const view = await listening(alice)
  const link = await linkOf(alice)
  view.fill()
  await redeemed(link, 3)
  view.signal('SIGTERM')
  await expect.poll(() => view.state, { timeout: 30_000, interval: 100 }).toBeUndefined()
  const { json } = await taleusJson(alice, ['sessions', '--state', 'COMPLETED'])
  expect(json['sessions']).not.toEqual([])
})

test('^Z is heard before the first frame; a view that was stopped and goes on takes keys, on its own screen', async () => {
  const alice = await dataDirectory()
  const view = onTerminal(alice, LISTEN, { env: SLOW_TERMINAL })
  await view.isOn()
  view.type('\u001a')
  await expect.poll(() => view.state, { timeout: 30_000 }).toBe('T')
  // As a shell leaves it.
  view.stty('sane')
  view.goOn()
  await view.until('the other screen', () => {
    const [left, entered] = [view.raw.indexOf('\u001b[?1049l'), view.raw.lastIndexOf('[?1049h')]
    return left > 0 && entered > left
  })
  view.signal('SIGSTOP')
  await expect.poll(() => view.state, { timeout: 30_000 }).toBe('T')
  view.stty('sane')
  view.goOn()
  view.type('?')
  await view.shows('Esc')
  view.type('q')
  expect(await view.exited).toBe(0)
  expect(view.isRestored).toBe(true)
})

test('an error that nobody foresaw is told on the first screen, not on the one that is gone', async () => {
  const alice = await dataDirectory()
  const file = `${alice}/boom.mjs`
  await writeFile(
    file,
    "process.on('SIGUSR2', () => setImmediate(() => { throw new Error('boom') }))\n",
  )
  const env = { NODE_OPTIONS: `--import ${file}` }
  const view = onTerminal(alice, LISTEN, { env })
  await view.shows('No sessions yet.')
  view.signal('SIGUSR2')
  expect(await view.exited).toBe(1)
  expect(view.isRestored).toBe(true)
  expect(view.screen.join('\n')).toContain('Something unexpected went wrong: boom')
})

test('views attach, several at once; killing one changes no session; they outlive the listener', async () => {
  const alice = await dataDirectory()
  const running = await listener(alice, [...LISTEN.slice(1), '--max-sessions', '200'])
  const views = [onTerminal(alice, ['dashboard']), onTerminal(alice, ['dashboard'])] as const
  for (const view of views) await view.shows('No sessions yet.')
  const link = await linkOf(alice)
  const fifty = redeemed(link, 50)
  await views[0].shows('✓ completed')
  views[0].signal('SIGKILL')
  await fifty
  await views[1].shows('✓ 50 completed')
  expect(await running.stop()).toBe(0)
  await views[1].shows('the listener is gone; waiting for it to come back')
  await listener(alice)
  const back = await views[1].shows('✓ 0 completed')
  expect(back).not.toContain('waiting')
  views[1].type('q')
  expect(await views[1].exited).toBe(0)
  expect(views[1].isRestored).toBe(true)
})

test('views that ^C and SIGTERM end leave their terminals as they were', async () => {
  const alice = await dataDirectory()
  await listener(alice)
  const views = [onTerminal(alice, ['dashboard']), onTerminal(alice, ['dashboard'])] as const
  for (const view of views) await view.shows('No sessions yet.')
  views[0].type('\u0003')
  views[1].signal('SIGTERM')
  expect(await Promise.all(views.map(({ exited }) => exited))).toEqual([130, 143])
  for (const view of views) expect(view.isRestored).toBe(true)
})

test.each([
  ['--plain', ['--plain'], {}],
  ['TALEUS_PLAIN=1', [], { TALEUS_PLAIN: '1' }],
] as const)('%s gives lines, also on a terminal', async (_, flags, env) => {
  const terminal = onTerminal(await dataDirectory(), [...LISTEN, ...flags], { env })
  await terminal.shows('listening as')
  expect(terminal.isAlternate).toBe(false)
  terminal.signal('SIGTERM')
  expect(await terminal.exited).toBe(0)
  expect(terminal.raw).not.toContain('\u001b')
})

test('without colours, and without UTF-8, everything is still said', async () => {
  const env = { NO_COLOR: '1', LANG: 'C', LC_ALL: 'C' }
  const view = onTerminal(await dataDirectory(), LISTEN, { env })
  const screen = await view.shows('No sessions yet.')
  expect(screen).toMatch(/^[\x20-\x7e\n]*$/)
  expect(screen).toContain('+ 0 completed')
  // Only moves of the cursor and the like: no colour, no bold.
  expect(view.raw.match(/\u001b\[[0-9;]*m/g) ?? []).toEqual([])
})

test('a recording plays, as fast as is wished, and says when it is over', async () => {
  const alice = await dataDirectory()
  const running = await listener(alice)
  const link = await linkOf(alice, '--label', 'till')
  await redeemed(link, 3)
  await running.stop()
  const file = `${alice}/recording.jsonl`
  await writeFile(file, running.lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const view = onTerminal(alice, ['dashboard', '--replay', file, '--speed', '10'])
  const screen = await view.shows('the recording is over')
  expect(screen).toContain('✓ 3 completed')
  view.type('q')
  expect(await view.exited).toBe(0)
})
