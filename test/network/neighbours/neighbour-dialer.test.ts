import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NeighbourDialer } from '../../../src/network/neighbours/neighbour-dialer.ts'
import { PeerUnreachableError, WrongPeerError } from '../../../src/session/errors.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import { memoryTransportPair } from '../../support/memory-transport.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const OLD = '/ip4/192.168.1.5/tcp/4710'
const NEW = '/ip4/192.168.1.9/tcp/4710'
const PUBLIC = '/ip4/8.8.8.8/tcp/4710'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Dials that do as a test says: an answer, an error, or nothing until they are given up. */
function dialing(
  answers: Readonly<Record<string, Transport | Error | undefined>>,
  found: readonly string[],
) {
  const dialled: (readonly string[])[] = []
  const asked: string[] = []
  const dial = (_peer: string, addresses: readonly string[], signal: AbortSignal) => {
    dialled.push(addresses)
    const answer = addresses.map((address) => answers[address]).find((each) => each !== undefined)
    return new Promise<Transport>((resolve, reject) => {
      if (answer instanceof Error) reject(answer)
      else if (answer !== undefined) resolve(answer)
      else signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  const dialer = new NeighbourDialer({ localPeer: 'me', dial }, async (peer) => {
    asked.push(peer)
    return found
  })
  return { dialer, dialled, asked }
}

const { dialer: met } = memoryTransportPair('me', 'peer', new VirtualClock())
const unreachable = new PeerUnreachableError([{ address: OLD, problem: 'no answer' }])

test('an inviter who is met at once is not asked for on the network', async () => {
  const { dialer, asked } = dialing({ [OLD]: met }, [NEW])
  expect(await dialer.dial('peer', [OLD], new AbortController().signal)).toBe(met)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(asked).toEqual([])
})

test.each([
  ['nobody answers', unreachable],
  ['somebody else answers', new WrongPeerError()],
])('where %s at the old address, the new one is dialled too', async (_, error) => {
  const { dialer, dialled } = dialing({ [OLD]: error, [NEW]: met }, [NEW, OLD])
  expect(await dialer.dial('peer', [OLD], new AbortController().signal)).toBe(met)
  expect(dialled).toEqual([[OLD], [NEW, OLD]])
})

test('an old address that says nothing is given up for the new one', async () => {
  const { dialer, dialled, asked } = dialing({ [NEW]: met }, [NEW])
  const dial = dialer.dial('peer', [OLD], new AbortController().signal)
  await vi.advanceTimersByTimeAsync(900)
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(await dial).toBe(met)
  expect(dialled).toEqual([[OLD], [NEW, OLD]])
})

test('where the network knows nothing new, the dial alone tells', async () => {
  const { dialer, dialled } = dialing({ [OLD]: unreachable }, [OLD])
  await expect(dialer.dial('peer', [OLD], new AbortController().signal)).rejects.toBe(unreachable)
  expect(dialled).toEqual([[OLD]])
})

test('an inviter elsewhere is not asked for on this network', async () => {
  const { dialer, asked } = dialing({ [PUBLIC]: unreachable }, [NEW])
  await expect(dialer.dial('peer', [PUBLIC], new AbortController().signal)).rejects.toBe(
    unreachable,
  )
  expect(asked).toEqual([])
})

test('whoever gives up hears the reason, and nothing more is dialled', async () => {
  const { dialer, dialled } = dialing({}, [])
  const giveUp = new AbortController()
  const dial = dialer.dial('peer', [OLD], giveUp.signal)
  const reason = new Error('enough')
  giveUp.abort(reason)
  await expect(dial).rejects.toBe(reason)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(dialled).toEqual([[OLD]])
})
