import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { createMemoryHooks } from '../../src/hooks/memory/create-memory-hooks.ts'
import { generatePrivateKeyBytes } from '../../src/network/identity/identity-key.ts'
import { Redeemer } from '../../src/service/redeeming/redeemer.ts'
import type { BootstrapOutcome } from '../../src/session/dialer/outcome.ts'
import { openMemoryStore } from '../../src/store/transaction/store.ts'
import { dataDirectory, taleusJson } from '../e2e/support/cli.ts'
import { ledgerOf, patientListener } from './crowd.ts'
import { Lateness } from './wire/lateness.ts'

/** How long sessions have to finish, ms. */
const DRAIN_MS = 3_000

/** How much longer a listener may take to be gone, ms: D6. */
const GRACE_MS = 2_000

export interface DrainResult {
  readonly sessions: number
  /** From the signal to the end of the process, ms. */
  readonly tookMs: number
  /** How late timers fired here in that time, ms. */
  readonly lateMs: number
  readonly cut: number
  readonly parked: number
}

/** Builds when it is told to. */
async function builder(gate: Promise<void>): Promise<Redeemer> {
  const own = createMemoryHooks()
  const redeemer = new Redeemer({
    store: openMemoryStore(),
    hooks: {
      ...own,
      database: {
        provision: async (...all) => {
          await gate
          return await own.database.provision(...all)
        },
        deprovision: (...all) => own.database.deprovision(...all),
      },
    },
    key: generatePrivateKeyBytes(),
    config: { sessionTimeoutMs: 60_000, stepTimeoutMs: 60_000, provisionTimeoutMs: 60_000 },
  })
  await redeemer.start()
  onTestFinished(() => redeemer.stop())
  return redeemer
}

interface Attempt {
  readonly who: Redeemer
  readonly link: string
  readonly outcome: Promise<BootstrapOutcome>
}

/**
 * A listener drains while every invitee is at work on its database; half of them finish in time. The next listener
 * has the rest back, and in the end everybody has what it came for.
 */
export async function drainTrial(peers: number, links: number): Promise<DrainResult> {
  const sessions = peers * links
  const alice = await dataDirectory()
  const first = await patientListener(alice)
  const [soon, later] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const crowd = await Promise.all(
    Array.from({ length: peers }, (_, at) => builder((at % 2 === 0 ? soon : later).promise)),
  )
  const invitations = await Promise.all(Array.from({ length: links }, () => invitation(alice)))
  const attempts: readonly Attempt[] = crowd.flatMap((who) =>
    invitations.map((link) => ({ who, link, outcome: who.redeemText(link, {}) })),
  )
  await allAtWork(alice, sessions)
  const lateness = new Lateness()
  const startedAt = performance.now()
  first.signal('SIGTERM')
  soon.resolve()
  expect(await first.exited).toBe(0)
  const tookMs = performance.now() - startedAt
  const lateMs = lateness.since(startedAt)
  lateness.stop()
  expect(tookMs).toBeLessThan(DRAIN_MS + GRACE_MS + lateMs)
  later.resolve()
  const second = await patientListener(alice, first.addresses)
  const told = await Promise.all(attempts.map((attempt) => inTheEnd(attempt)))
  expect(told.filter(({ completed }) => !completed)).toEqual([])
  const tallies = told.flatMap((each) => (each.completed ? [each.tallyId] : []))
  expect(new Set(tallies).size).toBe(sessions)
  expect(await ledgerOf(alice)).toEqual({ tallies: sessions, audit: 0 })
  expect(await second.stop()).toBe(0)
  const { cut, parked } = first.lines.at(-1) ?? {}
  return { sessions, tookMs, lateMs, cut: Number(cut), parked: Number(parked) }
}

async function invitation(directory: string): Promise<string> {
  const args = ['token', 'create', '--unlimited', '--role', 'foil']
  return String((await taleusJson(directory, args)).json['link'])
}

/** Each invitee was approved and builds. */
async function allAtWork(directory: string, sessions: number): Promise<void> {
  // The drain time is set while it runs: what counts is what it is when it comes to that.
  const set = await taleusJson(directory, ['config', 'set', 'drain-timeout', `${DRAIN_MS}ms`])
  expect(set).toMatchObject({ json: { listener: { take: 'now' } } })
  for (;;) {
    const { json } = await taleusJson(directory, [
      'sessions',
      '--state',
      'AWAITING_ACK',
      '--limit',
      '1000',
    ])
    if (Array.isArray(json['sessions']) && json['sessions'].length === sessions) return
    await sleep(100)
  }
}

/** As a person does it: the same link again, until it is done. */
async function inTheEnd({ who, link, outcome }: Attempt): Promise<BootstrapOutcome> {
  let told = await outcome
  for (let tries = 0; !told.completed && tries < 20; tries += 1) {
    await sleep(500)
    told = await who.redeemText(link, {})
  }
  return told
}
