import { expect, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  relay,
  startTaleus,
  taleusJson,
} from '../support/cli.ts'

const LOOPBACK = ['--listen', '/ip4/127.0.0.1/tcp/0']

/** A listener with a place at the relay. */
async function placed(directory: string, address: string): Promise<RunningListener> {
  const running = await listener(directory, [...LOOPBACK, '--relay', address])
  await running.line(({ type, state }) => type === 'relay' && state === 'reserved')
  return running
}

test.each([
  ['inviter', 'foil', 3],
  ['invitee', 'stock', 2],
] as const)(
  'kill -9 of the %s, with the inviter’s %s, at move %i of a session beyond a relay loses and doubles nothing',
  async (who, role, move) => {
    const {
      addresses: [at = ''],
    } = await relay(await dataDirectory(), ['--open'])
    const [alice, bob] = [await dataDirectory(), await dataDirectory()]
    const running = await placed(alice, at)
    const announce = ['--role', role, '--announce', `${at}/p2p-circuit`]
    const { json } = await taleusJson(alice, ['token', 'create', ...announce])
    const words = ['bootstrap', String(json['link']), '--yes']
    const first = startTaleus(bob, words)
    await running.line(
      (line) =>
        line['type'] === 'session' &&
        running.lines.filter(({ type }) => type === 'session').indexOf(line) >= move,
    )
    if (who === 'inviter') running.signal('SIGKILL')
    else first.signal('SIGKILL')
    if (who === 'inviter') await running.exited
    await first.finished
    const back = who === 'inviter' ? await placed(alice, at) : running
    const again = async () => await taleusJson(bob, words)
    await expect.poll(async () => (await again()).code, { timeout: 60_000 }).toBe(0)
    const tallies = await Promise.all(
      [alice, bob].map((each) => taleusJson(each, ['tally', 'list'])),
    )
    const ids = tallies.flatMap(({ json: told }) => told['tallies'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids.map((each) => Object(each)['tallyId'])).size).toBe(1)
    expect(await back.stop()).toBe(0)
  },
)
