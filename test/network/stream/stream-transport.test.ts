import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, test } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../src/network/stream/bootstrap-protocol.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import {
  bytes,
  dialer,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
  text,
} from '../../support/network/two-nodes.ts'

afterEach(stopAll)

describe.each(['tcp', 'ws'] as const)('over %s', (kind) => {
  test('frames go both ways, and both sides end cleanly', async () => {
    const accepted: Transport[] = []
    const host = await listener((transport) => {
      accepted.push(transport)
      echo(transport)
    })
    const guest = await dialer()
    const transport = await guest.dial(host.peer, [host[kind]], patience())
    const ear = new Ear(transport)
    await transport.send(bytes('one'))
    await transport.send(bytes('two'))
    await ear.untilFrames(2)
    await transport.close()
    await ear.untilClosed()

    expect(ear.heard).toEqual([{ frame: 'one' }, { frame: 'two' }, 'ended', { closed: true }])
    expect(transport.remotePeer).toBe(host.peer)
    expect(accepted[0]?.remotePeer).toBe(guest.localPeer)
    expect(accepted[0]?.remoteAddress).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+/)
    expect([transport.bytesIn, transport.bytesOut]).toEqual([6, 6])
  })

  test('frames of every size up to the largest arrive whole', async () => {
    const host = await listener(echo)
    const transport = await (await dialer()).dial(host.peer, [host[kind]], patience())
    const ear = new Ear(transport)
    const sizes = [1, 127, 128, 16_383, 16_384, 65_536]
    for (const [index, size] of sizes.entries()) {
      await transport.send(new Uint8Array(size).fill(index + 1))
      await ear.untilFrames(index + 1)
    }
    expect(ear.frames.map((frame) => frame.length)).toEqual(sizes)
    expect(ear.frames.every((frame, index) => frame.every((byte) => byte === index + 1))).toBe(true)
    transport.reset()
  })

  test('a reset is seen as an unclean end on both sides', async () => {
    const ears: Ear[] = []
    const host = await listener((transport) => ears.push(new Ear(transport)))
    const transport = await (await dialer()).dial(host.peer, [host[kind]], patience())
    const ear = new Ear(transport)
    await transport.send(bytes('hello'))
    await expect.poll(() => ears[0]?.frames.length).toBe(1)
    transport.reset()
    await ears[0]?.untilClosed()
    expect(ear.heard).toEqual([{ closed: false }])
    expect(ears[0]?.heard).toEqual([{ frame: 'hello' }, { closed: false }])
    await expect(transport.send(bytes('late'))).rejects.toMatchObject({ code: 'transport_closed' })
    await transport.close()
  })

  test('a lost connection is an unclean end, though nobody reset the stream', async () => {
    const ears: Ear[] = []
    const host = await listener((transport) => ears.push(new Ear(transport)))
    const transport = await (await dialer()).dial(host.peer, [host[kind]], patience())
    const ear = new Ear(transport)
    await transport.send(bytes('hello'))
    await expect.poll(() => ears[0]?.frames.length).toBe(1)
    await Promise.all(host.node.getConnections().map(async (one) => await one.close()))
    await ear.untilClosed()
    await ears[0]?.untilClosed()
    expect(ear.heard.at(-1)).toEqual({ closed: false })
    expect(ears[0]?.heard.at(-1)).toEqual({ closed: false })
  })

  test('an aborted connection is told to the other side', async () => {
    const ears: Ear[] = []
    const host = await listener((transport) => ears.push(new Ear(transport)))
    const transport = await (await dialer()).dial(host.peer, [host[kind]], patience())
    const ear = new Ear(transport)
    await transport.send(bytes('hello'))
    await expect.poll(() => ears[0]?.frames.length).toBe(1)
    for (const one of host.node.getConnections()) one.abort(new Error('enough'))
    await ear.untilClosed()
    expect(ear.heard.at(-1)).toEqual({ closed: false })
  })
})

test('a half-close is told after the frames before it, and the other direction stays open', async () => {
  const accepted: { transport: Transport; ear: Ear }[] = []
  const host = await listener((transport) => {
    accepted.push({ transport, ear: new Ear(transport) })
  })
  const transport = await (await dialer()).dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  await transport.send(bytes('last words'))
  const closing = transport.close()
  await expect.poll(() => accepted[0]?.ear.heard).toEqual([{ frame: 'last words' }, 'ended'])
  await accepted[0]?.transport.send(bytes('answer'))
  await accepted[0]?.transport.close()
  await closing
  expect(ear.heard).toEqual([{ frame: 'answer' }, 'ended', { closed: true }])
  expect(accepted[0]?.ear.heard.at(-1)).toEqual({ closed: true })
})

test('a connection that is lost before the other side has closed as well is an unclean end', async () => {
  const ears: Ear[] = []
  const host = await listener((transport) => ears.push(new Ear(transport)))
  const guest = await dialingNode()
  const transport = await createDialer(guest).dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  await transport.send(bytes('last words'))
  const closing = transport.close()
  await expect.poll(() => ears[0]?.heard).toEqual([{ frame: 'last words' }, 'ended'])
  await Promise.all(guest.getConnections().map(async (one) => await one.close()))
  await closing
  await ear.untilClosed()
  expect(ear.heard).toEqual([{ closed: false }])
})

test('close gives the other side its time and then aborts', async () => {
  const ears: Ear[] = []
  const host = await listener((transport) => ears.push(new Ear(transport)))
  const transport = await (await dialer({ closeGraceMs: 50 })).dial(
    host.peer,
    [host.tcp],
    patience(),
  )
  const ear = new Ear(transport)
  await transport.send(bytes('hello'))
  await transport.close()
  expect(ear.heard).toEqual([{ closed: false }])
  await ears[0]?.untilClosed()
  expect(ears[0]?.heard).toEqual([{ frame: 'hello' }, 'ended', { closed: false }])
})

test('what comes before anyone listens is kept, the end included', async () => {
  const accepted: Transport[] = []
  const host = await listener((transport) => accepted.push(transport))
  const transport = await (await dialer({ closeGraceMs: 20_000 })).dial(
    host.peer,
    [host.tcp],
    patience(),
  )
  new Ear(transport)
  await transport.send(bytes('early'))
  const closing = transport.close()
  await expect.poll(() => accepted.length).toBe(1)
  // Another stream on the same connection: what was sent before it has arrived when it has.
  await new Promise((resolve) => setTimeout(resolve, 100))
  const ear = new Ear(accepted[0])
  await ear.until(() => ear.heard.includes('ended'))
  expect(ear.heard).toEqual([{ frame: 'early' }, 'ended'])
  await accepted[0]?.close()
  await closing
  expect(ear.heard.at(-1)).toEqual({ closed: true })
})

test('a paused transport holds frames back, and the peer too', async () => {
  const accepted: { transport: Transport; ear: Ear }[] = []
  const host = await listener((transport) => {
    accepted.push({ transport, ear: new Ear(transport) })
    transport.pause()
  })
  const node = await dialingNode()
  const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
  const stream = await connection.newStream([BOOTSTRAP_PROTOCOL])
  stream.send(encodeFrame(new Uint8Array(65_536).fill(1)))
  stream.send(encodeFrame(new Uint8Array(60_000).fill(2)))
  // More than any exchange needs, until the window is full and nothing more is taken.
  await expect
    .poll(() => stream.writableNeedsDrain || !stream.send(new Uint8Array(16_384)))
    .toBe(true)
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    while (!stream.writableNeedsDrain) stream.send(new Uint8Array(16_384))
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(stream.writableNeedsDrain).toBe(true)
  expect(accepted[0]?.ear.heard).toEqual([])

  accepted[0]?.transport.resume()
  await expect.poll(() => stream.writableNeedsDrain).toBe(false)
  expect(accepted[0]?.ear.frames.map((frame) => frame[0])).toEqual([1, 2])
  expect(accepted[0]?.ear.heard.at(-1)).toEqual({ problem: 'zero_length' })
  stream.abort(new Error('done'))
})

test('pausing inside a frame holds back the next one, which came in the same chunk', async () => {
  const accepted: { transport: Transport; ear: Ear }[] = []
  const host = await listener((transport) => {
    const ear = new Ear()
    accepted.push({ transport, ear })
    transport.listen({
      frame: (payload) => {
        ear.frame(payload)
        transport.pause()
      },
      problem: (problem) => ear.problem(problem),
      ended: () => ear.ended(),
      closed: (clean) => ear.closed(clean),
    })
  })
  const transport = await (await dialer()).dial(host.peer, [host.tcp], patience())
  await Promise.all(['a', 'b', 'c'].map(async (word) => await transport.send(bytes(word))))
  const closing = transport.close()
  await expect.poll(() => accepted[0]?.ear.heard.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(accepted[0]?.ear.heard).toEqual([{ frame: 'a' }])
  accepted[0]?.transport.resume()
  expect(accepted[0]?.ear.heard).toEqual([{ frame: 'a' }, { frame: 'b' }])
  accepted[0]?.transport.resume()
  accepted[0]?.transport.resume()
  await accepted[0]?.transport.close()
  await closing
  const words = accepted[0]?.ear.frames.map((frame) => text(frame))
  expect(words).toEqual(['a', 'b', 'c'])
  expect(accepted[0]?.ear.heard.slice(3)).toEqual(['ended', { closed: true }])
})

test('frames that a paused side still holds are told before the loss of the connection', async () => {
  const accepted: { transport: Transport; ear: Ear }[] = []
  const host = await listener((transport) => {
    accepted.push({ transport, ear: new Ear(transport) })
    transport.pause()
  })
  const guest = await dialer()
  const transport = await guest.dial(host.peer, [host.tcp], patience())
  await transport.send(bytes('stored'))
  await transport.send(bytes('thanks'))
  await expect.poll(() => accepted.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await Promise.all(host.node.getConnections().map(async (one) => await one.close()))
  expect(accepted[0]?.ear.heard).toEqual([])
  accepted[0]?.transport.resume()
  expect(accepted[0]?.ear.heard).toEqual([
    { frame: 'stored' },
    { frame: 'thanks' },
    { closed: false },
  ])
})

test('a listener that throws loses its own stream and nothing else', async () => {
  const host = await listener((transport) => {
    transport.listen({
      frame: (payload) => {
        if (text(payload) === 'bad') throw new Error('a bug in a session')
        void transport.send(payload)
      },
      problem: () => undefined,
      ended: () => void transport.close(),
      closed: () => undefined,
    })
  })
  const guest = await dialer()
  const [bad, good] = await Promise.all([
    guest.dial(host.peer, [host.tcp], patience()),
    guest.dial(host.peer, [host.tcp], patience()),
  ])
  const [badEar, goodEar] = [new Ear(bad), new Ear(good)]
  await bad.send(bytes('bad'))
  await badEar.untilClosed()
  await good.send(bytes('good'))
  await goodEar.untilFrames(1)
  expect(badEar.heard).toEqual([{ closed: false }])
  expect(goodEar.heard).toEqual([{ frame: 'good' }])
})

test('an acceptor that throws loses its own stream and nothing else', async () => {
  let first = true
  const host = await listener((transport) => {
    if (first) {
      first = false
      throw new Error('a bug in admission')
    }
    echo(transport)
  })
  const guest = await dialer()
  const bad = await guest.dial(host.peer, [host.tcp], patience())
  const badEar = new Ear(bad)
  await badEar.untilClosed()
  expect(badEar.heard).toEqual([{ closed: false }])
  const good = await guest.dial(host.peer, [host.tcp], patience())
  const goodEar = new Ear(good)
  await good.send(bytes('good'))
  await goodEar.untilFrames(1)
  expect(goodEar.heard).toEqual([{ frame: 'good' }])
})

test('a paused side that resets is told the end at once, and nothing that it held', async () => {
  const accepted: { transport: Transport; ear: Ear }[] = []
  const host = await listener((transport) => {
    accepted.push({ transport, ear: new Ear(transport) })
    transport.pause()
  })
  const transport = await (await dialer()).dial(host.peer, [host.tcp], patience())
  await transport.send(bytes('unheard'))
  await transport.send(bytes('unheard too'))
  await expect.poll(() => accepted.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await Promise.all(host.node.getConnections().map(async (one) => await one.close()))
  expect(accepted[0]?.ear.heard).toEqual([])
  accepted[0]?.transport.reset()
  expect(accepted[0]?.ear.heard).toEqual([{ closed: false }])
  accepted[0]?.transport.resume()
  await accepted[0]?.transport.close()
  expect(accepted[0]?.ear.heard).toEqual([{ closed: false }])
})

test('a write that waits for room is refused when the stream ends', async () => {
  const accepted: Transport[] = []
  const host = await listener((transport) => {
    accepted.push(transport)
    new Ear(transport)
    transport.pause()
  })
  const transport = await (await dialer()).dial(host.peer, [host.tcp], patience())
  new Ear(transport)
  const largest = new Uint8Array(65_536)
  const writes = Array.from({ length: 6 }, async () => await transport.send(largest))
  const outcomes = Promise.allSettled(writes)
  await expect.poll(() => accepted.length).toBe(1)
  accepted[0]?.reset()
  const refused = (await outcomes).filter((outcome) => outcome.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'transport_closed' })
})

test('close does not wait for ever for bytes that the other side does not take', async () => {
  const host = await listener((transport) => {
    new Ear(transport)
    transport.pause()
  })
  const guest = await dialer({ closeGraceMs: 100 })
  const transport = await guest.dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  const largest = new Uint8Array(65_536)
  const writes = Array.from({ length: 6 }, async () => await transport.send(largest))
  const outcomes = Promise.allSettled(writes)
  await transport.close()
  expect(ear.heard).toEqual([{ closed: false }])
  await outcomes
})

test('a listener that throws at what came before it loses its own stream and nothing else', async () => {
  const accepted: Transport[] = []
  const host = await listener((transport) => accepted.push(transport))
  const guest = await dialer({ closeGraceMs: 20_000 })
  const transport = await guest.dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  const closing = transport.close()
  await expect.poll(() => accepted.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const fail = (): never => {
    throw new Error('a bug in a session')
  }
  accepted[0]?.listen({ frame: fail, problem: fail, ended: fail, closed: fail })
  await closing
  expect(ear.heard).toEqual([{ closed: false }])
})
