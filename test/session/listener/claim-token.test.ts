import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import { ListenerSession } from '../../../src/session/listener/listener-session.ts'
import { wireSessions } from '../../../src/session/manager/wire-sessions.ts'
import type { Submitted, Urgency, Work } from '../../../src/session/ports/work.ts'
import { SessionAudit } from '../../../src/session/trace/session-audit.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { memoryTransportPair } from '../../support/memory-transport.ts'
import { contactOf, ScriptedPeer } from '../../support/session/scripted-peer.ts'
import { settle, World } from '../../support/session/world.ts'
import { ForwardingStore } from '../../support/store-wrappers.ts'

/** A store that tells the outcome of reservations only when it `answers`. */
class HeldReservation extends ForwardingStore {
  readonly answers = Promise.withResolvers<void>()

  override submit(work: Work, urgency?: Urgency): Submitted {
    const { outcome, durable } = super.submit(work, urgency)
    if (!work.some(({ op }) => op === 'reserve')) return { outcome, durable }
    const known = this.answers.promise.then(() => outcome)
    return { outcome: known, durable: known.then(() => durable) }
  }
}

it('a use that was reserved for a session that is over without a word is given back as soon as that is known', async () => {
  const world = new World()
  const { alice, bob } = world
  const link = world.invite()
  const store = new HeldReservation(alice.store)
  const party = () => ({ peerId: alice.peerId, identity: {}, cadre: [] })
  const given = { store, clock: alice.clock, party }
  const { ports, clock } = wireSessions(
    alice.own,
    DEFAULT_SESSION_CONFIG,
    given,
    new EventEmitter(),
  )
  const audit = new SessionAudit('listener', clock, 'full')
  const running = new Set<string>()
  const { listener, dialer } = memoryTransportPair(bob.peerId, alice.peerId, clock)
  const shared = { ...ports, config: DEFAULT_SESSION_CONFIG, audit, running }
  const session = new ListenerSession(listener, shared, () => undefined)
  session.start()
  await new ScriptedPeer(dialer).say(contactOf(link, bob))
  const reserved = async () => (await alice.store.query(() => tokenRecords.list()))[0]?.reserved
  expect(await reserved()).toBe(1)
  session.giveUp()
  store.answers.resolve()
  await settle()
  expect(await reserved()).toBe(0)
})
