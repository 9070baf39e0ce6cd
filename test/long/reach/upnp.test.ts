import { expect, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  relay,
  taleus,
  taleusJson,
} from '../../e2e/support/cli.ts'
import { HAS_NAT, natHomes, RELAY_HOST, ROUTERS } from '../../support/network/nat-homes.ts'

const RELAY = `/ip4/${RELAY_HOST}/tcp/4720`
const MAPPED = `/ip4/${ROUTERS.alice}/tcp/4710`
const AT_HOME = ['--listen', '/ip4/0.0.0.0/tcp/4710', '--upnp']

async function routerLine(running: RunningListener, state: string) {
  return await running.line((line) => line['type'] === 'router' && line['state'] === state)
}

/** What a listener's status says, once it says this. */
async function saysOf(directory: string, told: RegExp): Promise<string> {
  const look = async () => (await taleus(directory, ['status'])).stdout
  await expect.poll(look, { timeout: 120_000, interval: 1_000 }).toMatch(told)
  return await look()
}

test.skipIf(!HAS_NAT)(
  'a real router maps the port, a relay proves it, somebody comes by it directly, and nothing is left at the end',
  async () => {
    const [alice, bob, files] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    const homes = await natHomes('symmetric', files)
    await homes.upnp()
    const running = await listener(alice, AT_HOME, { through: homes.alice })
    expect(await routerLine(running, 'mapped')).toMatchObject({
      router: '192.168.1.1',
      addresses: [MAPPED],
    })
    expect(await homes.mapped()).toEqual([4710])
    const before = await taleusJson(alice, ['token', 'create'])
    expect(before.json).toMatchObject({
      addresses: expect.arrayContaining([{ address: MAPPED, scope: 'public' }]),
      reach: 'may be reached from anywhere; mapped by the router, not proven',
    })
    expect(await running.stop()).toBe(0)
    expect(await homes.mapped()).toEqual([])

    await relay(files, ['--open', '--listen', RELAY], { through: homes.relay })
    const again = await listener(alice, [...AT_HOME, '--relay', RELAY], { through: homes.alice })
    const status = await saysOf(alice, /^Reach: reachable directly, proven from outside/m)
    expect(status).toMatch(new RegExp(`^  ${MAPPED}  proven from outside`, 'm'))
    expect(status).toMatch(new RegExp(`router +192\\.168\\.1\\.1, passes on ${MAPPED} since`))
    const { json } = await taleusJson(alice, ['token', 'create'])
    expect(json['reach']).toMatch(/^works from anywhere, proven from outside/)
    const redeem = await taleusJson(bob, ['bootstrap', String(json['link']), '--yes'], {
      through: homes.bob,
    })
    expect(redeem).toMatchObject({ code: 0, json: { route: 'direct', address: MAPPED } })
    expect(await again.stop()).toBe(0)
    expect(await homes.mapped()).toEqual([])
  },
)

test.skipIf(!HAS_NAT)(
  'two listeners in one home have a port each outside, and each takes its own along when it goes',
  async () => {
    const [one, other, files] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    const homes = await natHomes('cone', files)
    await homes.run('ip -n alice addr add 192.168.1.3/24 dev eth0')
    // A router that lets everybody change what is another's.
    await homes.upnp(['secure_mode=no'])
    const at = { through: homes.alice }
    const first = await listener(one, ['--listen', '/ip4/192.168.1.2/tcp/4710', '--upnp'], at)
    await routerLine(first, 'mapped')
    const second = await listener(other, ['--listen', '/ip4/192.168.1.3/tcp/4710', '--upnp'], at)
    const { addresses } = await routerLine(second, 'mapped')
    const ports = await homes.mapped()
    expect(ports).toHaveLength(2)
    const [otherPort = 0] = ports.filter((port) => port !== 4710)
    expect(addresses).toEqual([`/ip4/${ROUTERS.alice}/tcp/${otherPort}`])
    await second.stop()
    expect(await homes.mapped()).toEqual([4710])
    await first.stop()
    expect(await homes.mapped()).toEqual([])
  },
)

test.skipIf(!HAS_NAT)(
  'a router that was started anew, and has forgotten all, is asked again',
  async () => {
    const [alice, files] = [await dataDirectory(), await dataDirectory()]
    const homes = await natHomes('cone', files)
    await homes.upnp()
    const running = await listener(alice, AT_HOME, { through: homes.alice })
    await routerLine(running, 'mapped')
    await homes.restartUpnp()
    expect(await homes.mapped()).toEqual([])
    await expect.poll(homes.mapped, { timeout: 900_000, interval: 5_000 }).toEqual([4710])
    await saysOf(alice, /router +192\.168\.1\.1, passes on/)
    await running.stop()
    expect(await homes.mapped()).toEqual([])
  },
)

test.skipIf(!HAS_NAT)(
  'a router behind another one, one that is not there, and one that refuses are told, and the listener runs',
  async () => {
    const [alice, files] = [await dataDirectory(), await dataDirectory()]
    const homes = await natHomes('cone', files)
    const at = { through: homes.alice }
    const without = await listener(alice, AT_HOME, at)
    expect(await routerLine(without, 'failed')).toMatchObject({
      problem: 'no router on this network answers to UPnP',
    })
    expect(await saysOf(alice, /router +passes nothing on since/)).toContain('no router on this')
    await without.stop()
    await homes.run(
      'ip -n router-alice addr replace 10.9.9.2/24 dev wan; ip -n router-alice addr del 11.0.1.2/24 dev wan',
    )
    await homes.upnp()
    const second = await listener(alice, AT_HOME, at)
    expect(await routerLine(second, 'failed')).toMatchObject({
      addresses: [],
      problem:
        'the router 192.168.1.1 tells no address outside: it is not connected, or another router is before it',
    })
    await second.stop()
    await homes.run(
      'ip -n router-alice addr add 11.0.1.2/24 dev wan; ip -n router-alice addr del 10.9.9.2/24 dev wan',
    )
    await homes.upnp(['deny 0-65535 0.0.0.0/0 0-65535'])
    const third = await listener(alice, AT_HOME, at)
    expect(await routerLine(third, 'failed')).toMatchObject({
      problem: expect.stringMatching(/^the router 192\.168\.1\.1 refuses that \(code \d+\)$/),
    })
    await third.stop()
  },
)
