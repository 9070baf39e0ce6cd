import { describe, expect, it } from 'vitest'
import type { RefusalCause } from '../../../src/session/admission/refusals.ts'
import { BackgroundWork } from '../../../src/session/host/background-work.ts'
import {
  MAX_DELAYED_REFUSALS,
  MAX_REFUSAL_DELAY_MS,
  PacedRefusals,
} from '../../../src/session/listener/paced-refusals.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const MS = 10_000

function refusing() {
  const clock = new VirtualClock()
  const background = new BackgroundWork()
  const refusals = new PacedRefusals({ clock, background, emitter: { refused: () => undefined } })
  const heard = { told: 0, reset: 0 }
  const stream = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let closed = (): void => undefined
    const over = async () => {
      closed()
      resolve()
    }
    const transport = {
      remotePeer: 'mallory',
      listen: (listener: { closed(): void }) => {
        closed = () => listener.closed()
      },
      send: async () => {
        heard.told += 1
      },
      close: over,
      reset: () => {
        heard.reset += 1
        void over()
      },
    } as unknown as Transport
    return { transport, over: promise, leave: () => void over() }
  }
  const refuse = (cause: RefusalCause) => {
    const one = stream()
    refusals.refuse(one.transport, { cause }, MS)
    return one
  }
  return { clock, heard, refuse, background }
}

describe('a peer that asks more than it may', () => {
  it('is refused at once for as long as there is no crowd, then each waits a second', async () => {
    const { clock, heard, refuse } = refusing()
    let asked = 0
    const ask = (): void => {
      asked += 1
      void refuse('bad_secrets').over.then(() => clock.after(0, ask))
    }
    for (let each = 0; each < 60; each += 1) ask()
    for (let turn = 0; turn < 500; turn += 1) await clock.advance(20)
    // Those of the first moment, and of ten seconds: each of sixty waits a second.
    expect(heard.told).toBeLessThanOrEqual(51 + 10 * 60)
    expect(heard.told).toBeGreaterThanOrEqual(500)
    expect(asked).toBeLessThanOrEqual(heard.told + 60)
  })

  it('waits for the word no longer than a second, however many there are', async () => {
    const { clock, heard, refuse } = refusing()
    for (let each = 0; each < 300; each += 1) refuse('peer_rate')
    await clock.advance(MAX_REFUSAL_DELAY_MS)
    expect(heard).toEqual({ told: 300, reset: 0 })
  })

  it('takes no more room than there is for those who wait: the next are reset, without a word', async () => {
    const { clock, heard, refuse } = refusing()
    for (let each = 0; each < 51 + MAX_DELAYED_REFUSALS + 7; each += 1) refuse('peer_sessions')
    await clock.advance(MAX_REFUSAL_DELAY_MS)
    expect(heard).toEqual({ told: 51 + MAX_DELAYED_REFUSALS, reset: 7 })
    refuse('peer_sessions')
    await clock.advance(MAX_REFUSAL_DELAY_MS)
    expect(heard.told).toBe(52 + MAX_DELAYED_REFUSALS)
  })

  it('is forgotten with its stream: nothing is said to who has gone', async () => {
    const { clock, heard, refuse, background } = refusing()
    for (let each = 0; each < 51; each += 1) refuse('denied')
    const late = refuse('denied')
    late.leave()
    await clock.advance(MAX_REFUSAL_DELAY_MS)
    await background.over()
    expect(heard).toEqual({ told: 51, reset: 0 })
  })

  it('keeps nobody else waiting: who finds no room is told so at once', () => {
    const { heard, refuse } = refusing()
    for (let each = 0; each < 200; each += 1) refuse('bad_secrets')
    const before = heard.told
    refuse('sessions')
    refuse('address_rate')
    expect(heard.told).toBe(before + 2)
  })
})
