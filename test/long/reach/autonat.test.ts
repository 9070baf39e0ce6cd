import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { dataDirectory, listener, taleusJson } from '../../e2e/support/cli.ts'
import { HAS_NAMESPACES, networkNeighbours } from '../../support/network/namespace.ts'

const STOCK = fileURLToPath(
  new URL('../../support/network/stock-autonat-relay.ts', import.meta.url),
)
const RELAY = '/ip4/8.8.8.8/tcp/4001'
const PUBLIC = '/ip4/8.8.4.4/tcp/4710'

async function stockRelay(through: readonly string[]): Promise<void> {
  const [command = '', ...rest] = [...through, process.execPath, STOCK, RELAY]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
}

/** The proofs of a listener's status, once one of them fits. */
async function proofsOf(directory: string, fits: object): Promise<void> {
  const look = async () => (await taleusJson(directory, ['status'])).json
  await expect.poll(look, { timeout: 120_000, interval: 1_000 }).toMatchObject({
    reach: expect.arrayContaining([expect.objectContaining(fits)]),
  })
}

test.skipIf(!HAS_NAMESPACES)(
  'libp2p’s own relay, with its own AutoNAT v2, proves an address from outside, and says where nobody comes in',
  async () => {
    const alice = await dataDirectory()
    const [home, elsewhere] = await networkNeighbours(['8.8.4.4/16', '8.8.8.8/16'])
    await stockRelay(elsewhere.through)
    const listen = ['--listen', '/ip4/0.0.0.0/tcp/4710', '--relay', RELAY]
    const running = await listener(alice, listen, { through: home.through })
    const proven = { relay: RELAY, provenAt: expect.any(Number) }
    await proofsOf(alice, { address: PUBLIC, outside: expect.objectContaining(proven) })
    await running.stop()
    const wrong = '/ip4/8.8.4.4/tcp/4799'
    const second = await listener(alice, [...listen, '--announce', wrong], {
      through: home.through,
    })
    const failed = { relay: RELAY, problem: 'could not connect' }
    await proofsOf(alice, { address: wrong, outside: expect.objectContaining(failed) })
    await second.stop()
    // It would dial another host, too, for a price in bytes; a listener does not pay it.
    const other = '/ip4/8.8.4.99/tcp/4710'
    const third = await listener(alice, [...listen, '--announce', other], { through: home.through })
    const refused = { relay: RELAY, untried: 'does not see this computer at that address' }
    await proofsOf(alice, { address: other, outside: expect.objectContaining(refused) })
    await third.stop()
  },
)
