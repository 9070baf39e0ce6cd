import { expect, it } from 'vitest'
import { denialFor } from '../../../src/session/admission/refusals.ts'
import { refuseStream } from '../../../src/session/listener/refuse-stream.ts'
import { memoryTransportPair } from '../../support/memory-transport.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

it.each([0, 1_000])(
  'a stream that was over before it is refused costs nothing more, though its word had %s ms to wait',
  async (afterMs) => {
    const clock = new VirtualClock()
    const { listener: transport } = memoryTransportPair('mallory', 'alice', clock)
    transport.reset()
    // As a stream of an older peer does, which was listened to before.
    transport.listen = (listener) => listener.closed(false)
    await refuseStream(transport, denialFor('denied'), clock, { ms: 5_000, afterMs })
    expect(clock.timers).toBe(0)
    expect(transport.sent).toEqual([])
  },
)
