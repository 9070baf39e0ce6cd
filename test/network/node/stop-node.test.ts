import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { bytes, dialer, Ear, listener, patience, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

test('a node with open streams and silent sockets stops in time, and its peers see the end', async () => {
  const host = await listener((transport) => new Ear(transport))
  const ports = [host.tcp, host.ws].map((address) => Number(address.split('/')[4]))
  const silent = ports.map((port) => connect(port, '127.0.0.1').on('error', () => undefined))
  await Promise.all(silent.map(async (socket) => await once(socket, 'connect')))
  const ended = silent.map(async (socket) => {
    await new Promise((resolve) => socket.once('close', resolve))
  })
  const guest = await dialer()
  const transport = await guest.dial(host.peer, [host.ws], patience())
  const ear = new Ear(transport)
  await transport.send(bytes('hello'))

  expect(await stopNode(host.node)).toBe(true)
  await ear.untilClosed()
  expect(ear.heard.at(-1)).toEqual({ closed: false })
  await Promise.all(ended)
  expect(host.node.status).toBe('stopped')
})

test('a stop that hangs is given up, with its connections aborted', async () => {
  const host = await listener((transport) => new Ear(transport))
  const transport = await (await dialer()).dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  const stop = host.node.stop.bind(host.node)
  host.node.stop = async () => await new Promise(() => undefined)
  expect(await stopNode(host.node, { stopTimeoutMs: 50 })).toBe(false)
  await ear.untilClosed()
  expect(ear.heard).toEqual([{ closed: false }])
  host.node.stop = stop
})
