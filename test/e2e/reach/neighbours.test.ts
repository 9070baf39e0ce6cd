import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HAS_NAMESPACES, networkNeighbours } from '../../support/network/namespace.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

/** By then a listener has noticed that it has another address. */
const NOTICED_MS = 6_000

const LISTEN = ['--listen', '/ip4/0.0.0.0/tcp/4710']

/** A link that names an address which the inviter, who listens on, does not have any more. */
async function moved(listen: readonly string[]) {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const [home, other] = await networkNeighbours(['192.168.7.7/24', '192.168.7.20/24'])
  const running = await listener(alice, listen, { through: home.through })
  const { json } = await taleusJson(alice, ['token', 'create'])
  expect(json['addresses']).toMatchObject([{ address: '/ip4/192.168.7.7/tcp/4710' }])
  home.run('ip addr del 192.168.7.7/24 dev lan0')
  home.run('ip addr add 192.168.7.9/24 dev lan0')
  home.run('ip route replace default dev lan0')
  await sleep(NOTICED_MS)
  const redeemed = await taleus(bob, ['bootstrap', '-', '--yes', '--timeout', '20s'], {
    input: String(json['link']),
    through: other.through,
  })
  await running.stop()
  return redeemed
}

test.skipIf(!HAS_NAMESPACES)(
  'an inviter whose address has changed is found on the same network',
  async () => {
    const { code, stdout, stderr } = await moved(LISTEN)
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Tally '),
    })
  },
)

test.skipIf(!HAS_NAMESPACES)('an inviter who does not want to be asked is not', async () => {
  const { code, stderr } = await moved([...LISTEN, '--mdns', 'off'])
  expect(code).toBe(6)
  expect(stderr).toContain('  /ip4/192.168.7.7/tcp/4710: ')
  expect(stderr).not.toContain('192.168.7.9')
})
