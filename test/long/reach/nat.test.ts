import { expect, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  relay,
  taleusJson,
} from '../../e2e/support/cli.ts'
import { HAS_NAT, natHomes, RELAY_HOST } from '../../support/network/nat-homes.ts'

const RELAY = `/ip4/${RELAY_HOST}/tcp/4720`
const BEYOND = `${RELAY}/p2p-circuit`
const AT_HOME = ['--listen', '/ip4/0.0.0.0/tcp/4710', '--relay', RELAY]

/** The next news of the relay that says this, after so many of them. */
async function relayNews(running: RunningListener, state: string, after: number): Promise<number> {
  const news = () => running.lines.filter(({ type }) => type === 'relay')
  await running.line(() =>
    news()
      .slice(after)
      .some((line) => line['state'] === state),
  )
  return news().length
}

test.skipIf(!HAS_NAT).each(['cone', 'symmetric'] as const)(
  'behind two real routers (%s) tallies are made by a relay in both roles; also when it was down, was killed, or fell silent',
  async (nat) => {
    const [alice, bob, files] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    const homes = await natHomes(nat, files)
    const at = { through: homes.alice }
    const startRelay = async () =>
      await relay(files, ['--open', '--listen', RELAY], { through: homes.relay })
    const redeem = async (link: unknown) =>
      await taleusJson(bob, ['bootstrap', String(link), '--yes', '--timeout', '20s'], {
        through: homes.bob,
      })
    const token = async (role: string) =>
      (await taleusJson(alice, ['token', 'create', '--role', role], at)).json['link']
    const running = await listener(alice, AT_HOME, at)
    let told = await relayNews(running, 'lost', 0)
    const early = await token('foil')
    const first = await startRelay()
    told = await relayNews(running, 'reserved', told)
    expect(await redeem(early)).toMatchObject({
      code: 0,
      json: { role: 'stock', route: 'relay', address: BEYOND },
    })

    first.signal('SIGKILL')
    told = await relayNews(running, 'lost', told)
    const late = await token('stock')
    expect(await redeem(late)).toMatchObject({ code: 6 })
    await startRelay()
    told = await relayNews(running, 'reserved', told)
    expect(await redeem(late)).toMatchObject({ code: 0, json: { role: 'foil', route: 'relay' } })

    const third = await token('stock')
    await homes.drop(true)
    told = await relayNews(running, 'lost', told)
    expect(await redeem(third)).toMatchObject({ code: 6 })
    await homes.drop(false)
    told = await relayNews(running, 'reserved', told)
    expect(await redeem(third)).toMatchObject({ code: 0, json: { route: 'relay' } })
    expect(await running.stop()).toBe(0)
  },
)
