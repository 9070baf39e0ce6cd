import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isComeNow } from '../../../src/protocol/answer/answer-line.ts'
import {
  AnswerLines,
  MAX_LINES,
  MAX_LINES_PER_PEER,
} from '../../../src/service/answers/answer-lines.ts'
import { memoryTransportPair } from '../../support/memory-transport.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** An inviter that has still to decide about these peers. */
class Inviter {
  readonly clock = new VirtualClock()
  readonly undecided: Set<string>
  /** Further requests of each of them. */
  readonly more = new Set<string>()
  /** Peers of each look. */
  readonly looks: (readonly string[])[] = []
  readonly lines = new AnswerLines({
    clock: this.clock,
    undecided: async (peers) => {
      this.looks.push(peers)
      const waiting = peers.filter((peer) => this.undecided.has(peer))
      return new Map(waiting.map((peer) => [peer, new Set([peer, ...this.more])]))
    },
  })

  constructor(...undecided: readonly string[]) {
    this.undecided = new Set(undecided)
  }

  /** A line of a peer, and what is heard on it. */
  open(peer: string) {
    const heard: string[] = []
    const { dialer, listener } = memoryTransportPair(peer, 'alice', this.clock)
    dialer.listen({
      frame: (payload) => void heard.push(isComeNow(payload) ? 'come now' : 'something'),
      problem: () => void heard.push('problem'),
      ended: () => undefined,
      closed: () => void heard.push('over'),
    })
    this.lines.accept(listener)
    return { heard, line: dialer }
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(10)
      await turn()
    }
  }
}

describe('an invitee who waits for the inviter’s word', () => {
  it('is told to come within a second of it, and not before', async () => {
    const inviter = new Inviter('bob', 'carol')
    const [bob, carol] = [inviter.open('bob'), inviter.open('carol')]
    await inviter.pass(60_000)
    expect([bob.heard, carol.heard]).toEqual([[], []])
    inviter.undecided.delete('bob')
    await inviter.pass(990)
    expect(bob.heard[0]).toBe('come now')
    expect(carol.heard).toEqual([])
    await inviter.pass(2_000)
    expect(inviter.lines.count).toBe(1)
    await inviter.lines.stop()
  })

  it('is told of the first word, though the inviter has yet to decide about another request of its', async () => {
    const inviter = new Inviter('bob')
    inviter.more.add('another')
    const { heard } = inviter.open('bob')
    await inviter.pass(60_000)
    expect(heard).toEqual([])
    inviter.more.delete('another')
    await inviter.pass(990)
    expect(heard[0]).toBe('come now')
    await inviter.pass(2_000)
    const again = inviter.open('bob')
    inviter.more.add('a third')
    await inviter.pass(60_000)
    expect(again.heard).toEqual([])
    await inviter.lines.stop()
  })

  it('is told at once where there is nothing to wait for: a stranger, too', async () => {
    const inviter = new Inviter()
    const { heard } = inviter.open('mallory')
    await inviter.pass(100)
    expect(heard[0]).toBe('come now')
    await inviter.pass(2_000)
    expect(inviter.lines.count).toBe(0)
    expect(inviter.clock.timers).toBe(0)
  })

  it('holds a few lines at most, and all invitees together a thousand', async () => {
    const inviter = new Inviter(...Array.from({ length: MAX_LINES }, (_, index) => `peer ${index}`))
    const own = Array.from({ length: MAX_LINES_PER_PEER + 1 }, () => inviter.open('peer 0'))
    for (let index = 1; index < MAX_LINES; index += 1) inviter.open(`peer ${index}`)
    await inviter.pass(100)
    expect(own.map(({ heard }) => heard)).toEqual([[], [], ['over']])
    expect(inviter.lines.count).toBe(MAX_LINES)
    expect(inviter.open('one more').heard).toEqual([])
    await inviter.pass(100)
    expect(inviter.lines.count).toBe(MAX_LINES)
    await inviter.lines.stop()
  })

  it('says nothing itself', async () => {
    const inviter = new Inviter('bob')
    const { heard, line } = inviter.open('bob')
    await line.send(new Uint8Array(3))
    await inviter.pass(100)
    expect(heard).toEqual(['over'])
    expect(inviter.lines.count).toBe(0)
  })
})

it('who has left before the look is not looked at, and is remembered by nothing', async () => {
  const inviter = new Inviter('bob')
  for (let visitor = 0; visitor < 100; visitor += 1) inviter.open(`visitor ${visitor}`).line.reset()
  await inviter.pass(100)
  inviter.open('bob')
  await inviter.pass(100)
  expect(inviter.looks).toEqual([['bob']])
  await inviter.lines.stop()
})

it('a crowd that comes together costs one look, and waits in one query every half second', async () => {
  const peers = Array.from({ length: 100 }, (_, index) => `peer ${index}`)
  const inviter = new Inviter(...peers)
  for (const peer of peers) inviter.open(peer)
  await inviter.pass(100)
  expect(inviter.looks).toHaveLength(1)
  await inviter.pass(10_000)
  expect(inviter.looks.length).toBeLessThanOrEqual(22)
  await inviter.lines.stop()
})

it('a store that fails holds the lines until it answers', async () => {
  const clock = new VirtualClock()
  let fails = true
  const lines = new AnswerLines({
    clock,
    undecided: async () => {
      if (fails) throw new Error('the disk')
      return new Map()
    },
  })
  const { dialer, listener } = memoryTransportPair('bob', 'alice', clock)
  const heard: boolean[] = []
  dialer.listen({
    frame: (payload) => void heard.push(isComeNow(payload)),
    problem: () => undefined,
    ended: () => undefined,
    closed: () => undefined,
  })
  lines.accept(listener)
  const pass = async (): Promise<void> => {
    for (let passed = 0; passed < 100; passed += 1) {
      clock.advance(20)
      await turn()
    }
  }
  await pass()
  expect(heard).toEqual([])
  fails = false
  await pass()
  expect(heard).toEqual([true])
})

it('once nobody waits, or it was stopped, nothing is left over', async () => {
  const inviter = new Inviter('bob', 'carol')
  const { heard, line } = inviter.open('bob')
  await inviter.pass(1_000)
  line.reset()
  await inviter.pass(1_000)
  expect(heard).toEqual(['over'])
  expect(inviter.clock.timers).toBe(0)
  const carol = inviter.open('carol')
  await inviter.pass(100)
  await inviter.lines.stop()
  await inviter.pass(100)
  expect(carol.heard).toEqual(['over'])
  expect(inviter.lines.count).toBe(0)
  expect(inviter.clock.timers).toBe(0)
  inviter.open('carol')
  expect(inviter.lines.count).toBe(0)
})
