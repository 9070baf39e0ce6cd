import { describe, expect, it } from 'vitest'
import { askOnce } from '../../../src/session/dialer/ask-once.ts'
import { TransportClosedError } from '../../../src/session/errors.ts'
import type { Transport, TransportListener } from '../../../src/session/ports/transport.ts'

const INSPECT = { type: 'Inspect', secret: 'AAAAAAAAAAAAAAAAAAAAAA' } as const

/** A stream of which the test decides what is told when, and whether bytes still leave. */
function stream(told: (listener: TransportListener) => void, sendFails = false): Transport {
  return {
    remotePeer: 'peer',
    remoteAddress: '/memory',
    bytesIn: 0,
    bytesOut: 0,
    listen: told,
    send: () => (sendFails ? Promise.reject(new TransportClosedError()) : Promise.resolve()),
    pause: () => undefined,
    resume: () => undefined,
    close: () => Promise.resolve(),
    reset: () => undefined,
  }
}

function ask(transport: Transport, signal = new AbortController().signal, patienceMs = 30_000) {
  return askOnce(transport, INSPECT, { signal, expectsAnswer: true, patienceMs })
}

describe('one question', () => {
  it('on a stream that is over before it is asked fails once, with nothing left unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const over = stream((listener) => queueMicrotask(() => listener.closed(false)), true)
    await expect(ask(over)).rejects.toThrow(Error)
    await new Promise((resolve) => setTimeout(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('to somebody who will say nothing more has no answer', async () => {
    const mute = stream((listener) => queueMicrotask(() => listener.ended()))
    await expect(ask(mute)).rejects.toMatchObject({ code: 'no_answer' })
  })

  it('is given up with its signal, even while the bytes wait to leave', async () => {
    const controller = new AbortController()
    const stuck = { ...stream(() => undefined), send: () => new Promise<void>(() => undefined) }
    const answer = ask(stuck, controller.signal)
    controller.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
  })

  it('to somebody who is there and silent is given up in its own time', async () => {
    const silent = stream(() => undefined)
    await expect(ask(silent, undefined, 20)).rejects.toMatchObject({ code: 'timed_out' })
  })
})
