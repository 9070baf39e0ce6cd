import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HAS_NAMESPACES } from '../../support/network/namespace.ts'
import { RELAY_HOST, twoHomes } from '../../support/network/two-homes.ts'
import {
  dataDirectory,
  listener,
  type RunningListener,
  relay,
  taleus,
  taleusJson,
} from '../support/cli.ts'

const RELAY = `/ip4/${RELAY_HOST}/tcp/4720`
const BEYOND = `${RELAY}/p2p-circuit`
const AT_HOME = ['--listen', '/ip4/0.0.0.0/tcp/4710']

function isRelay(state: string) {
  return (line: Record<string, unknown>): boolean =>
    line['type'] === 'relay' && line['state'] === state
}

async function startRelay(
  through: readonly string[],
  directory: string,
  access: readonly string[] = ['--open'],
): Promise<RunningListener> {
  return await relay(directory, [...access, '--listen', RELAY], { through })
}

test.skipIf(!HAS_NAMESPACES)(
  'two homes without a way to each other make tallies by a relay, in both roles, also after it was down',
  async () => {
    const homes = await twoHomes()
    const [alice, bob, relays] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    // Whoever wants a place there must know the token, which the relay makes when it starts.
    const token = join(relays, 'token')
    const known = ['--token-file', token]
    const at = { through: homes.alice, env: { TALEUS_RELAY_TOKEN_FILE: token } }
    const running = await listener(alice, [...AT_HOME, '--relay', RELAY], at)
    // The relay is not there yet, and the listener is.
    await running.line(isRelay('lost'))
    const early = await taleusJson(alice, ['token', 'create', '--role', 'foil'], at)
    expect(early.json['addresses']).toContainEqual({ address: BEYOND, scope: 'relay' })
    const first = await startRelay(homes.relay, relays, known)
    expect(await running.line(isRelay('reserved'))).toMatchObject({ address: RELAY, isBack: true })
    const redeem = async (link: unknown) =>
      await taleusJson(bob, ['bootstrap', String(link), '--yes'], { through: homes.bob })
    expect(await redeem(early.json['link'])).toMatchObject({
      code: 0,
      json: { role: 'stock', route: 'relay', address: BEYOND },
    })
    await first.stop()
    await running.line((line) => isRelay('lost')(line) && running.lines.indexOf(line) > 2)
    const away = await taleusJson(alice, ['token', 'create'], at)
    expect(await redeem(away.json['link'])).toMatchObject({ code: 6 })
    const { stdout: status } = await taleus(alice, ['status'], at)
    expect(status).toContain(`${RELAY}, lost since`)
    await startRelay(homes.relay, relays, known)
    await running.line((line) => isRelay('reserved')(line) && running.lines.at(-1) === line)
    const { json } = await taleusJson(alice, ['status'], at)
    expect(json).toMatchObject({ relays: [{ address: RELAY, state: 'reserved' }] })
    expect(json['addresses']).toContain(BEYOND)
    expect(await redeem(away.json['link'])).toMatchObject({ code: 0, json: { role: 'foil' } })
    expect(await running.stop()).toBe(0)
  },
)

test.skipIf(!HAS_NAMESPACES)(
  'where there is a direct way it is taken, and not the relay',
  async () => {
    const homes = await twoHomes()
    await homes.join()
    const [alice, bob, relays] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    await startRelay(homes.relay, relays)
    const at = { through: homes.alice }
    const running = await listener(alice, [...AT_HOME, '--relay', RELAY], at)
    await running.line(isRelay('reserved'))
    const { json } = await taleusJson(alice, ['token', 'create'], at)
    const made = await taleusJson(bob, ['bootstrap', String(json['link']), '--yes'], {
      through: homes.bob,
    })
    expect(made).toMatchObject({ code: 0, json: { route: 'direct' } })
    expect(await running.stop()).toBe(0)
  },
)
