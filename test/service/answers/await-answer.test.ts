import { afterEach, expect, it } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import type { NetworkNode } from '../../../src/network/node/node.ts'
import type { RelayLimits } from '../../../src/network/relay-server/relay-limits.ts'
import { ANSWER_LINE } from '../../../src/network/stream/wire-protocol.ts'
import type { LinkContent } from '../../../src/protocol/link/link.ts'
import { AnswerLines } from '../../../src/service/answers/answer-lines.ts'
import { awaitAnswer } from '../../../src/service/answers/await-answer.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import {
  ANYBODY,
  startRelay,
  stopRelays as stopOwnRelays,
} from '../../support/network/relay-nodes.ts'
import { guestOf, stopRelays } from '../../support/network/relays.ts'
import { dialingNode, listener, stopAll } from '../../support/network/two-nodes.ts'

afterEach(async () => {
  await stopAll()
  await stopRelays()
  await stopOwnRelays()
})

/** An inviter on loopback that has still to decide about everybody, and a way to wait for it. */
async function meeting() {
  const { node, tcp } = await listener((transport) => transport.reset())
  return await meetingAt(node, tcp)
}

/** The same beyond a relay. */
async function meetingBeyond(limits: Partial<RelayLimits> = {}) {
  const relay = await startRelay(ANYBODY, limits)
  const { node, places } = await guestOf([relay.address], (transport) => transport.reset())
  await expect.poll(() => places[0]?.state).toBe('reserved')
  return await meetingAt(node, `${relay.address}/p2p-circuit`)
}

async function meetingAt(node: NetworkNode, address: string) {
  const state = { isUndecided: true }
  const lines = await new AnswerLines({
    clock: SYSTEM_CLOCK,
    undecided: async (peers) =>
      new Map((state.isUndecided ? peers : []).map((peer) => [peer, new Set(['request'])])),
  }).start(node)
  const publicKey = node.peerId.publicKey
  if (publicKey === undefined) throw new Error('no key')
  const link = { publicKey: publicKey.raw, addresses: [address] } as unknown as LinkContent
  const dialer = createDialer(await dialingNode(), {}, undefined, ANSWER_LINE)
  const wait = (signal = new AbortController().signal) =>
    awaitAnswer(dialer, link, { dialMs: 30_000, signal })
  return { lines, state, wait }
}

async function held(lines: AnswerLines): Promise<void> {
  while (lines.count === 0) await new Promise((resolve) => setTimeout(resolve, 10))
}

it('a line is held over a real connection until there is something to say', async () => {
  const { lines, state, wait } = await meeting()
  const end = wait()
  await held(lines)
  state.isUndecided = false
  expect(await end).toBe('answered')
  await lines.stop()
})

it('a line is lost when the inviter stops, and over for both when the invitee gives up', async () => {
  const { lines, wait } = await meeting()
  const controller = new AbortController()
  const end = wait(controller.signal)
  await held(lines)
  controller.abort()
  // The inviter may have it before the invitee knows that it does.
  const over = await end.catch((error: unknown) => Object(error).code)
  expect(['lost', 'interrupted']).toContain(over)
  while (lines.count > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const another = wait()
  await held(lines)
  await lines.stop()
  expect(await another).toBe('lost')
})

it('a line is held and called through a relay, and one that the relay has ended is lost', async () => {
  const { lines, state, wait } = await meetingBeyond()
  const end = wait()
  await held(lines)
  state.isUndecided = false
  expect(await end).toBe('answered')
  await lines.stop()
  const brief = await meetingBeyond({ maxCircuitMs: 500 })
  expect(await brief.wait()).toBe('lost')
  brief.state.isUndecided = false
  expect(await brief.wait()).toBe('answered')
  await brief.lines.stop()
})

it('an inviter who does not hold lines says so, and one who is not there is not reached', async () => {
  const { lines, wait } = await meeting()
  await lines.stop()
  await expect(wait()).rejects.toMatchObject({ code: 'protocol_unsupported' })
  await stopAll()
  await expect(wait()).rejects.toMatchObject({ code: expect.any(String) })
})
