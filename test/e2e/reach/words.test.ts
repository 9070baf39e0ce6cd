import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { HAS_NAMESPACES, networkNamespace } from '../../support/network/namespace.ts'
import { dataDirectory, taleus, taleusJson } from '../support/cli.ts'

/** Takes connections and never says anything. @returns its multiaddr */
async function silentHost(): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it has no port')
  return `/ip4/127.0.0.1/tcp/${address.port}`
}

test('whoever waits for the inviter hears where it is looked for, and at the end why nobody was met', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const silent = await silentHost()
  const announce = ['--announce', silent, '--announce', '/ip4/127.0.0.1/tcp/9']
  const { json } = await taleusJson(alice, ['token', 'create', ...announce])
  const args = ['bootstrap', '-', '--yes', '--timeout', '3s']
  const { code, stderr } = await taleus(bob, args, { input: String(json['link']) })
  expect(code).toBe(6)
  expect(stderr).toMatch(new RegExp(`^Looking for the inviter, \\d+ s, at ${silent}$`, 'm'))
  const [, error = ''] = stderr.split('Error: ')
  expect(error).toContain(`  ${silent}: no answer in time`)
  expect(error).toContain('  /ip4/127.0.0.1/tcp/9: nobody listens there')
})

test.skipIf(!HAS_NAMESPACES).each([
  [['192.168.7.7/24'], 'works only on this network', 'forward a port of your router'],
  [
    ['100.64.7.7/10'],
    "works only inside your provider's network",
    '`taleus config set relay MULTIADDR',
  ],
  [['192.168.7.7/24', '2a00:1450::77/128'], 'works only on this network', '/ip6/::/tcp/4710'],
])('a link of a computer with %j says what to do', async (addresses, reach, advice) => {
  const { through } = await networkNamespace(addresses)
  const { stderr } = await taleus(await dataDirectory(), ['token', 'create'], { through })
  expect(stderr).toMatch(new RegExp(`It ${reach}\\.\\n.*${advice}`))
})
