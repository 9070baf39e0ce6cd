import { describe, expect, test } from 'vitest'
import { HAS_NAMESPACES, networkNamespace } from '../../support/network/namespace.ts'
import { dataDirectory, listener, taleusJson } from '../support/cli.ts'

const FROM_ANYWHERE = /^may be reached from anywhere[;,] .*not tried/

describe.skipIf(!HAS_NAMESPACES)('a computer with a public address', () => {
  const home = () => networkNamespace(['8.8.4.4/32', '192.168.7.7/24', '2a00:1450::77/128'])

  test.each([
    ['/ip4/0.0.0.0/tcp/4710', ['/ip4/8.8.4.4/tcp/4710', '/ip4/192.168.7.7/tcp/4710']],
    ['/ip4/8.8.4.4/tcp/4710', ['/ip4/8.8.4.4/tcp/4710']],
    ['/ip6/::/tcp/4710/ws', ['/ip6/2a00:1450::77/tcp/4710/ws']],
    ['/ip6/2a00:1450::77/tcp/4710', ['/ip6/2a00:1450::77/tcp/4710']],
  ])('that listens on %s names it', async (listen, named) => {
    const directory = await dataDirectory()
    const { through } = await home()
    const running = await listener(directory, ['--listen', listen], { through })
    expect(running.addresses).toEqual(expect.arrayContaining(named))
    const { json } = await taleusJson(directory, ['token', 'create'], { through })
    expect(json).toMatchObject({
      addresses: named.map((address) => expect.objectContaining({ address })),
      reach: expect.stringMatching(FROM_ANYWHERE),
      listening: true,
    })
    await running.stop()
  })

  test('that listens on another port than the settings’ names that one alone', async () => {
    const directory = await dataDirectory()
    const { through } = await home()
    const running = await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0'], { through })
    const { json } = await taleusJson(directory, ['token', 'create'], { through })
    expect(json).toMatchObject({
      addresses: running.addresses.map((address) => ({ address, scope: 'loopback' })),
      reach: 'works only on this computer',
    })
    await running.stop()
  })
})
