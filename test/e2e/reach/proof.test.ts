import { expect, test } from 'vitest'
import {
  HAS_NAMESPACES,
  networkNamespace,
  networkNeighbours,
} from '../../support/network/namespace.ts'
import { dataDirectory, listener, relay, taleus, taleusJson } from '../support/cli.ts'

const PUBLIC = '/ip4/8.8.4.4/tcp/4710'

test.skipIf(!HAS_NAMESPACES)(
  'a listener tries what its links name, and says no more than that it answers here; no session comes of it',
  async () => {
    const directory = await dataDirectory()
    const { through } = await networkNamespace(['8.8.4.4/32'])
    const running = await listener(directory, ['--listen', '/ip4/0.0.0.0/tcp/4710'], { through })
    const { json: token } = await taleusJson(directory, ['token', 'create'])
    expect(token).toMatchObject({
      reach:
        'may be reached from anywhere; it answers on this computer, and was not tried from outside',
      proofs: [{ address: PUBLIC, by: 'self', provenAt: expect.any(String) }],
    })
    const { stdout } = await taleus(directory, ['status'])
    expect(stdout).toMatch(
      new RegExp(`^  ${PUBLIC}  answers on this computer, tried .*; not tried from outside$`, 'm'),
    )
    const { json: status } = await taleusJson(directory, ['status'])
    expect(status).toMatchObject({
      reach: [{ address: PUBLIC, by: 'self', provenAt: expect.any(Number) }],
      sessions: { live: 0, archived: 0 },
      admitted: 0,
      refused: {},
    })
    expect(running.lines.map(({ type }) => type)).toEqual(['ready'])
    await running.stop()
  },
)

const RELAY = '/ip4/8.8.8.8/tcp/4001'

function isRelay(state: string) {
  return (line: Record<string, unknown>): boolean =>
    line['type'] === 'relay' && line['state'] === state
}

/** What a listener says of how far it can be reached, once it says this. */
async function reachOf(directory: string, told: RegExp): Promise<string> {
  const look = async () => (await taleus(directory, ['status'])).stdout
  await expect.poll(look, { timeout: 60_000 }).toMatch(told)
  return /^Reach: .*$/m.exec(await look())?.[0] ?? ''
}

test.skipIf(!HAS_NAMESPACES)(
  'a listener is proven to be reachable through its relay, and says why not when it is not',
  async () => {
    const [alice, relays] = [await dataDirectory(), await dataDirectory()]
    const { through } = await networkNamespace(['8.8.8.8/32', '192.168.7.7/24'])
    const first = await relay(relays, ['--open', '--listen', RELAY], { through })
    const home = ['--listen', '/ip4/192.168.7.7/tcp/4710', '--relay', RELAY]
    const running = await listener(alice, home, { through })
    await running.line(isRelay('reserved'))
    expect(await reachOf(alice, /reachable through relay/)).toMatch(
      /^Reach: reachable through relay \/ip4\/8\.8\.8\.8\/tcp\/4001, proven (?:now|\d+ s ago)$/,
    )
    const { json } = await taleusJson(alice, ['token', 'create'])
    expect(json).toMatchObject({
      reach: expect.stringMatching(/^works through relay \S+, proven /),
      proofs: [
        { address: `${RELAY}/p2p-circuit`, by: 'relay', provenAt: expect.any(String) },
        { address: '/ip4/192.168.7.7/tcp/4710', by: 'self' },
      ],
    })
    await first.stop()
    await running.line(isRelay('lost'))
    expect(await reachOf(alice, /not reachable through relay/)).toMatch(/nobody listens there|cut/)
    await running.stop()
  },
)

test.skipIf(!HAS_NAMESPACES)(
  'a relay elsewhere proves the address at which it can connect directly, and says which it can not',
  async () => {
    const [alice, relays] = [await dataDirectory(), await dataDirectory()]
    const [home, elsewhere] = await networkNeighbours(['8.8.4.4/16', '8.8.8.8/16'])
    await relay(relays, ['--open', '--listen', RELAY], { through: elsewhere.through })
    const listen = ['--listen', '/ip4/0.0.0.0/tcp/4710', '--relay', RELAY]
    const running = await listener(alice, listen, { through: home.through })
    await running.line(isRelay('reserved'))
    expect(await reachOf(alice, /proven from outside/)).toMatch(
      /^Reach: reachable directly, proven from outside (?:now|\d+ s ago)$/,
    )
    const { json } = await taleusJson(alice, ['token', 'create'])
    expect(json).toMatchObject({
      reach: expect.stringMatching(/^works from anywhere, proven from outside /),
      proofs: [
        { address: PUBLIC, by: 'self', outside: { relay: RELAY, provenAt: expect.any(String) } },
        { by: 'relay' },
      ],
    })
    await running.stop()
    const wrong = ['--announce', '/ip4/8.8.4.4/tcp/4799']
    const second = await listener(alice, [...listen, ...wrong], { through: home.through })
    await second.line(isRelay('reserved'))
    expect(await reachOf(alice, /no way in from outside: .*could not connect/)).toMatch(
      /^Reach: reachable through relay /,
    )
    const { stdout } = await taleus(relays, ['relay', 'status'])
    expect(stdout).toMatch(/dialled back +\d+, [1-9]\d* met/)
    await second.stop()
  },
)

test('a listener that is met nowhere stops after the time that it was given, and not before', async () => {
  const directory = await dataDirectory()
  const listen = ['listen', '--plain', '--listen', '/ip4/127.0.0.1/tcp/0']
  const nowhere = ['--announce', '/ip4/127.0.0.1/tcp/1']
  const patience = ['--exit-if-unreachable', '1s']
  const { code, stdout, stderr } = await taleus(directory, [...listen, ...nowhere, ...patience])
  expect(code).toBe(6)
  expect(stdout).toContain('listening as')
  expect(stdout).toContain('stopped (it can’t be reached)')
  expect(stderr).toContain('/ip4/127.0.0.1/tcp/1: nobody listens there')
  const met = await taleus(directory, [...listen, ...patience, '--for', '3s'])
  expect(met).toMatchObject({ code: 0, stdout: expect.stringContaining('its time is up') })
})
