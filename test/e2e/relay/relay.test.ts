import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { requestRelayAccess } from '../../../src/network/relay/request-relay-access.ts'
import {
  dialThrough,
  echoed,
  echoOn,
  reserveAt,
  stockNode,
  stopRelays,
} from '../../support/network/relay-nodes.ts'
import { hasPromtool, metricsFaults, saidByPromtool } from '../../support/service/metrics-rules.ts'
import {
  dataDirectory,
  listener,
  type RunningListener,
  relay,
  taleus,
  taleusJson,
} from '../support/cli.ts'
import { onTerminal, SLOW_TERMINAL } from '../support/terminal.ts'

afterEach(stopRelays)

function addressOf({ addresses: [address = ''], peerId }: RunningListener): string {
  return `${address}/p2p/${peerId}`
}

test('two stock nodes meet through it, which is told in lines, and SIGTERM ends it in good order', async () => {
  const running = await relay(await dataDirectory(), ['--open'])
  const [host, guest] = await Promise.all([stockNode(), stockNode()])
  await echoOn(host)
  await reserveAt(host, addressOf(running))
  const connection = await dialThrough(guest, addressOf(running), host)
  expect(await echoed(connection, new Uint8Array(4_000))).toBe(4_000)
  await connection.close()
  const parted = await running.line(({ type }) => type === 'parted')
  expect(parted).toMatchObject({ from: guest.peerId.toString(), to: host.peerId.toString() })
  expect(parted['bytes']).toBeGreaterThan(8_000)
  expect(await running.stop()).toBe(0)
  expect(running.lines.map(({ type }) => type)).toEqual([
    'ready',
    'reserved',
    'joined',
    'parted',
    'released',
    'stopped',
  ])
})

test('a circuit that is under way has the drain time to end, and newcomers are turned away', async () => {
  const directory = await dataDirectory()
  const running = await relay(directory, ['--open', '--drain-timeout', '1m'])
  const [host, guest, late] = await Promise.all([stockNode(), stockNode(), stockNode()])
  await echoOn(host)
  await reserveAt(host, addressOf(running))
  const connection = await dialThrough(guest, addressOf(running), host)
  await late.dial(multiaddr(addressOf(running)))
  running.signal('SIGTERM')
  await running.line(({ type }) => type === 'draining')
  await expect(reserveAt(late, addressOf(running))).rejects.toThrow(/RESERVATION_REFUSED/)
  await expect(dialThrough(late, addressOf(running), host)).rejects.toThrow(
    /RESOURCE_LIMIT_EXCEEDED/,
  )
  const { json } = await taleusJson(directory, ['relay', 'status'])
  expect(json).toMatchObject({ draining: true, circuits: { inUse: 1 } })
  expect(await echoed(connection, new Uint8Array(1_000))).toBe(1_000)
  await connection.close()
  expect(await running.exited).toBe(0)
  expect(running.lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'SIGTERM', cut: 0 })
})

test('what has not ended with the drain time is cut, and a second signal leaves at once', async () => {
  const first = await relay(await dataDirectory(), ['--open', '--drain-timeout', '500ms'])
  const second = await relay(await dataDirectory(), ['--open', '--drain-timeout', '1m'])
  for (const running of [first, second]) {
    const [host, guest] = await Promise.all([stockNode(), stockNode()])
    await reserveAt(host, addressOf(running))
    await dialThrough(guest, addressOf(running), host)
    running.signal('SIGTERM')
    await running.line(({ type }) => type === 'draining')
  }
  expect(await first.exited).toBe(0)
  expect(first.lines.at(-1)).toMatchObject({ type: 'stopped', cut: 1 })
  second.signal('SIGTERM')
  expect(await second.exited).toBe(143)
})

test('a token is made once, kept for its owner, in no log, and lets in who proves it', async () => {
  const directory = await dataDirectory()
  const file = join(directory, 'relay.token')
  const running = await relay(directory, ['--token-file', file])
  const token = readFileSync(file, 'utf8').trim()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const host = await stockNode()
  const connection = await host.dial(multiaddr(addressOf(running)))
  await expect(reserveAt(host, addressOf(running))).rejects.toThrow(/PERMISSION_DENIED/)
  const localPeer = host.peerId.toString()
  expect(await requestRelayAccess(connection, token, { localPeer })).toBe('granted')
  await reserveAt(host, addressOf(running))
  expect(await running.stop()).toBe(0)
  expect(await running.errors).toContain(`A new token was made in ${file}.`)
  expect(await running.errors).not.toContain(token)
  expect(JSON.stringify(running.lines)).not.toContain(token)

  const again = await relay(directory, ['--token-file', file])
  expect(again.peerId).toBe(running.peerId)
  expect(await again.stop()).toBe(0)
  expect(await again.errors).toBe('')
})

test('only who is named may reserve; without a name nobody may, which is said', async () => {
  const host = await stockNode()
  const other = await stockNode()
  const named = await relay(await dataDirectory(), ['--allow', host.peerId.toString()])
  await reserveAt(host, addressOf(named))
  await expect(reserveAt(other, addressOf(named))).rejects.toThrow(/PERMISSION_DENIED/)
  const refused = await named.line(({ type }) => type === 'refused')
  expect(refused).toMatchObject({ peer: other.peerId.toString(), why: 'not_allowed' })

  const closed = await relay(await dataDirectory(), [])
  const problem = await closed.line(({ type }) => type === 'problem')
  expect(problem['detail']).toContain('nobody may reserve')
})

test('a listener and a relay share a data directory, with a key each; a second relay does not', async () => {
  const directory = await dataDirectory()
  const running = await relay(directory, ['--open'])
  const beside = await listener(directory)
  expect(beside.peerId).not.toBe(running.peerId)
  const second = await taleusJson(directory, [
    'relay',
    '--open',
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
  ])
  expect(second).toMatchObject({ code: 10, json: { error: { code: 'relay_running' } } })
  const { json } = await taleusJson(directory, ['relay', 'status'])
  expect(json).toMatchObject({ peerId: running.peerId, access: { open: true } })
  const drained = await taleusJson(directory, ['relay', 'drain'])
  expect(drained).toMatchObject({ code: 0, json: { drained: true, circuits: 0 } })
  expect(await running.exited).toBe(0)
  expect(running.lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'drain' })
  expect(await beside.stop()).toBe(0)
})

test('health and metrics are told over HTTP, and identify nobody', async () => {
  const running = await relay(await dataDirectory(), ['--open', '--http', '127.0.0.1:0'])
  const url = String(running.lines[0]?.['http'])
  const host = await stockNode()
  await reserveAt(host, addressOf(running))
  await running.line(({ type }) => type === 'reserved')
  const [ready, healthy, metrics, other] = await Promise.all(
    ['readyz', 'healthz', 'metrics', 'x'].map((path) => fetch(`${url}/${path}`)),
  )
  expect(await ready?.json()).toEqual({ ready: true })
  expect(await healthy?.json()).toEqual({ alive: true })
  expect(other?.status).toBe(404)
  const text = (await metrics?.text()) ?? ''
  expect(metricsFaults(text)).toEqual([])
  expect(hasPromtool ? saidByPromtool(text) : '').toBe('')
  expect(text).toMatch(/^taleus_relay_reservations 1$/m)
  expect(text).toMatch(/^taleus_relay_refused_total\{cause="not_allowed"\} 0$/m)
  expect(text).not.toContain('12D3KooW')
})

test.each([
  [['--open', '--allow', 'x'], 'relay_access'],
  [['--allow', '12D3KooWx'], 'relay_access'],
  [['--open', '--listen', '/dns4/x/tcp/1'], 'address_invalid'],
  [['--open', '--http', 'x'], 'usage'],
  [['--open', '--drain-timeout', '3m'], 'usage'],
])('relay %s is exit code 2 with a way out', async (args, code) => {
  const ended = await taleusJson(await dataDirectory(), ['relay', ...args])
  expect(ended).toMatchObject({ code: 2, json: { error: { code } } })
})

test('without a relay, status is exit code 6, and drain has nothing to do', async () => {
  const directory = await dataDirectory()
  expect(await taleusJson(directory, ['relay', 'status'])).toMatchObject({
    code: 6,
    json: { error: { code: 'no_relay' } },
  })
  expect(await taleus(directory, ['relay', 'drain'])).toMatchObject({
    code: 0,
    stdout: 'No relay is running.\n',
  })
})

test('on a terminal it shows who has a place, fits 80 by 24, hears ^Z before its first frame, and q ends it', async () => {
  const directory = await dataDirectory()
  const flags = ['--open', '--listen', '/ip4/127.0.0.1/tcp/0']
  const view = onTerminal(directory, ['relay', ...flags], { env: SLOW_TERMINAL })
  await view.isOn()
  view.type('\u001a')
  await expect.poll(() => view.state, { timeout: 30_000 }).toBe('T')
  view.stty('sane')
  view.goOn()
  await view.shows('nobody has a place')
  const { json } = await taleusJson(directory, ['relay', 'status'])
  const host = await stockNode()
  await reserveAt(host, `${Object(json['addresses'])[0]}/p2p/${json['peerId']}`)
  const end = host.peerId.toString().slice(-8)
  await view.shows(`\n…${end} 0`)
  expect(view.screen[0]).toMatch(/^taleus relay …\w{8} {2}1 of 1024 places {2}0 of 256 circuits/)
  expect(view.screen[22]).toBe('q stop  arrows scroll')
  view.type('q')
  expect(await view.exited).toBe(0)
  expect(view.screen.join('\n')).toContain('stopped (interrupted)')
})

test('on a terminal a new token is shown, once', async () => {
  const directory = await dataDirectory()
  const file = join(directory, 'relay.token')
  const flags = ['--token-file', file, '--plain', '--listen', '/ip4/127.0.0.1/tcp/0']
  for (const isFirst of [true, false]) {
    const terminal = onTerminal(directory, ['relay', ...flags], { columns: 80, rows: 24 })
    await terminal.shows('may reserve: whoever knows the token')
    expect(terminal.raw.includes(readFileSync(file, 'utf8').trim())).toBe(isFirst)
    terminal.type('\u0003')
    expect(await terminal.exited).toBe(0)
  }
})
