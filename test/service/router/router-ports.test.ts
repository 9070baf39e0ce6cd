import { expect, onTestFinished, test } from 'vitest'
import { RouterPorts } from '../../../src/service/router/router-ports.ts'
import type { RouterState } from '../../../src/service/router/router-state.ts'
import { type FakeRouter, fakeRouter, type Whim } from '../../support/network/fake-router.ts'

const TCP = '/ip4/127.0.0.1/tcp/4710'
const LISTENED = [TCP, '/ip4/127.0.0.1/tcp/4711/ws', '/ip6/::1/tcp/4712']
const NEIGHBOUR = { client: '127.0.0.9', port: '80', lease: '0', description: 'neighbour' }

/** Ports at a router on loopback, as a listener has them; all waits are short. */
function portsAt(router: FakeRouter, listened: readonly string[] = LISTENED) {
  const told: RouterState[] = []
  const ports = new RouterPorts({
    listened: () => listened,
    onChange: (state) => told.push(state),
    search: { group: router.group, searchMs: 2_000 },
    renewMs: 50,
    againMs: 50,
    answerMs: 2_000,
    isInside: () => true,
  })
  onTestFinished(async () => await ports.stop())
  ports.start()
  const when = async (state: RouterState['state']): Promise<RouterState> => {
    await expect.poll(() => told.at(-1)?.state, { timeout: 20_000, interval: 10 }).toBe(state)
    return ports.state
  }
  return { ports, told, when }
}

test('the ports that are listened on are mapped, renewed, and removed at the end', async () => {
  const router = await fakeRouter()
  const { ports, told, when } = portsAt(router)
  expect(await when('mapped')).toMatchObject({
    router: '127.0.0.1',
    addresses: ['/ip4/8.8.4.4/tcp/4710', '/ip4/8.8.4.4/tcp/4711/ws'],
  })
  const entry = { client: '127.0.0.1', lease: '3600', description: 'taleus' }
  expect([...router.entries]).toEqual([
    ['4710', { ...entry, port: '4710' }],
    ['4711', { ...entry, port: '4711' }],
  ])
  // It was started anew, and has forgotten them.
  router.entries.clear()
  await expect.poll(() => router.entries.size, { timeout: 20_000 }).toBe(2)
  await ports.stop()
  expect(router.entries.size).toBe(0)
  expect(told).toHaveLength(1)
})

test.each([2, 1] as const)(
  'another port outside, where somebody has the same, is named and removed, and not the neighbour’s (version %d)',
  async (version) => {
    const router = await fakeRouter({ version })
    router.entries.set('4710', NEIGHBOUR)
    const { ports, when } = portsAt(router, [TCP])
    const { addresses } = await when('mapped')
    const [, other = ''] = [...router.entries.keys()]
    expect(addresses).toEqual([`/ip4/8.8.4.4/tcp/${other}`])
    expect(other).not.toBe('4710')
    await ports.stop()
    expect([...router.entries.values()]).toEqual([NEIGHBOUR])
  },
)

test('a port that has become somebody else’s meanwhile is left to them', async () => {
  const router = await fakeRouter()
  const { ports, when } = portsAt(router, [TCP])
  await when('mapped')
  router.whim = (action) => (action === 'AddAnyPortMapping' ? 'silent' : undefined)
  router.entries.set('4710', NEIGHBOUR)
  await ports.stop()
  expect([...router.entries.values()]).toEqual([NEIGHBOUR])
})

test('a port that is refused is not named, and the other one is', async () => {
  const router = await fakeRouter()
  router.whim = (action, values) =>
    action === 'AddAnyPortMapping' && values.get('NewInternalPort') === '4710' ? 606 : undefined
  const { ports, when } = portsAt(router)
  expect(await when('mapped')).toMatchObject({ addresses: ['/ip4/8.8.4.4/tcp/4711/ws'] })
  await ports.stop()
  expect(router.entries.size).toBe(0)
})

test('a router that is silent in the middle leaves nothing behind that was mapped before', async () => {
  const router = await fakeRouter()
  router.whim = (action, values) =>
    action === 'AddAnyPortMapping' && values.get('NewInternalPort') === '4711'
      ? 'silent'
      : undefined
  const { ports, when } = portsAt(router)
  expect(await when('failed')).toMatchObject({ addresses: [] })
  expect(router.entries.size).toBe(1)
  await ports.stop()
  expect(router.entries.size).toBe(0)
})

test('a router that keeps mappings for ever only is asked for that', async () => {
  const router = await fakeRouter({ version: 1 })
  router.whim = (action, values) =>
    action === 'AddPortMapping' && values.get('NewLeaseDuration') !== '0' ? 725 : undefined
  const { when } = portsAt(router, [TCP])
  await when('mapped')
  expect([...router.entries.values()]).toMatchObject([{ lease: '0' }])
})

/** A word for what it does when a port is to be mapped, or for all. */
function whim(told: Whim, of = 'Add'): Partial<FakeRouter> {
  return { whim: (action) => (action.startsWith(of) ? told : undefined) }
}

const ODD_PORT = '<AddAnyPortMappingResponse><NewReservedPort>70000</NewReservedPort>'

const FAILURES: readonly [string, Partial<FakeRouter>, RegExp][] = [
  [
    'has another router before it',
    { external: '192.168.178.2' },
    /^the router 127\.0\.0\.1 has no public address itself \(192\.168\.178\.2\): another router/,
  ],
  ['is one customer of many', { external: '100.64.1.2' }, /no public address itself/],
  [
    'is not connected',
    { external: '0.0.0.0' },
    /^the router 127\.0\.0\.1 tells no address outside: it is not connected/,
  ],
  ['says what is no address', { external: 'example.org' }, /does not say which address/],
  ['refuses', whim(606), /^the router 127\.0\.0\.1 refuses that \(code 606\)$/],
  ['names no port', whim({ text: ODD_PORT }), /does not say which port/],
  ['answers what is no answer', whim({ text: '<html>' }, ''), /what is no answer \(status 200\)/],
  ['answers at too great length', whim({ text: ' '.repeat(70_000) }, ''), /does not answer$/],
  ['does not answer', whim('silent', ''), /does not answer in time$/],
]

test.each(FAILURES)(
  'a router that %s is told as such, and named in no link',
  async (_, oddity, words) => {
    const router = await fakeRouter()
    Object.assign(router, oddity)
    const { ports, when } = portsAt(router)
    expect(await when('failed')).toMatchObject({
      addresses: [],
      problem: expect.stringMatching(words),
    })
    // And again, without another word, until it has come to its senses.
    router.external = '8.8.4.4'
    router.whim = () => undefined
    expect(await when('mapped')).toMatchObject({ router: '127.0.0.1' })
    await ports.stop()
    expect(router.entries.size).toBe(0)
  },
)

test.each([
  [
    'describes itself elsewhere',
    { location: () => 'http://127.0.0.2:1/root.xml' },
    /^no router on this network answers/,
  ],
  [
    'describes itself by another protocol',
    { location: () => 'file:///etc/passwd' },
    /^no router on this network answers/,
  ],
  [
    'is asked elsewhere',
    { control: 'http://127.0.0.2:1/control' },
    /^the router 127\.0\.0\.1 maps no ports$/,
  ],
])('a router that %s sends nobody there', async (_, init, words) => {
  const router = await fakeRouter(init)
  const { when } = portsAt(router)
  expect(await when('failed')).toMatchObject({ problem: expect.stringMatching(words) })
  expect(router.actions).toEqual([])
})

test('a router that has gone is told, and what it may still pass on is named until that ends', async () => {
  const router = await fakeRouter()
  const { ports, told, when } = portsAt(router, [TCP])
  await when('mapped')
  router.isGone = true
  expect(await when('failed')).toMatchObject({
    addresses: ['/ip4/8.8.4.4/tcp/4710'],
    problem: expect.stringContaining('does not answer'),
  })
  router.isGone = false
  router.external = '8.8.4.5'
  expect(await when('mapped')).toMatchObject({ addresses: ['/ip4/8.8.4.5/tcp/4710'] })
  router.whim = () => 'silent'
  await ports.stop()
  expect(told.map(({ state }) => state).filter((each, at, all) => each !== all[at - 1])).toEqual([
    'mapped',
    'failed',
    'mapped',
  ])
})

test('where nothing is listened on for others, nobody is asked', async () => {
  const router = await fakeRouter()
  const { when } = portsAt(router, ['/ip6/::1/tcp/4712'])
  expect(await when('failed')).toMatchObject({
    problem: expect.stringContaining('nothing is listened on'),
  })
})
