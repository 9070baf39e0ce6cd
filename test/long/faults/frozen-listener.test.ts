import { cp } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import type { MessageType } from '../../../src/protocol/message/messages.ts'
import { dataDirectory, listener, taleusJson } from '../../e2e/support/cli.ts'
import { oneTally } from '../../faults/invariants.ts'
import { Invitee, Saboteur } from '../../faults/parties.ts'
import { problemsOf, storeIn } from '../../faults/stored.ts'
import { redeemedInTheEnd } from '../../faults/trial.ts'

/** Of both sides, and shorter than the listener is frozen. */
const DEADLINES = { sessionTimeoutMs: 1_500, stepTimeoutMs: 700, provisionTimeoutMs: 700 }
const FROZEN_MS = 4_000

/** The listener freezes just before the invitee says this, or just after it has heard that. */
const MOMENTS: readonly {
  readonly role: 'stock' | 'foil'
  readonly message: MessageType
  readonly at: 'sending' | 'receiving'
}[] = [
  { role: 'stock', message: 'InboundContact', at: 'sending' },
  { role: 'stock', message: 'Acknowledgment', at: 'sending' },
  { role: 'foil', message: 'ProvisioningResult', at: 'receiving' },
  { role: 'foil', message: 'DatabaseResult', at: 'sending' },
]

test.each(MOMENTS)(
  'a listener frozen past every deadline at $message ($role) does no harm when it goes on',
  async ({ role, message, at }) => {
    const alice = await dataDirectory()
    const listening = await listener(alice, [
      ...['--listen', '/ip4/127.0.0.1/tcp/0'],
      ...['--session-timeout', `${DEADLINES.sessionTimeoutMs}ms`],
      ...['--step-timeout', `${DEADLINES.stepTimeoutMs}ms`],
    ])
    const { json } = await taleusJson(alice, ['token', 'create', '--role', role])
    const link = decodeLink(String(json['link']))
    const bob = await Invitee.create()
    const freeze = new Saboteur({ message, at, fault: () => listening.signal('SIGSTOP') })
    const frozen = performance.now()
    const { outcome } = await bob.redeem(link, DEADLINES, freeze)
    expect(freeze.fired).toBe(true)
    // It ends in its own time, whatever the other side does.
    expect(outcome.completed).toBe(message === 'Acknowledgment')
    await new Promise((resolve) => setTimeout(resolve, FROZEN_MS - (performance.now() - frozen)))
    listening.signal('SIGCONT')
    expect(await redeemedInTheEnd(bob, link)).toMatchObject({ completed: true })
    expect(await listening.stop()).toBe(0)
    const store = await storeIn((to) => cp(alice, to, { recursive: true }))
    expect(oneTally(store, bob.store, bob.peerId)).toEqual([])
    expect(problemsOf('the inviter', store)).toEqual([])
    await bob.remove()
  },
)
