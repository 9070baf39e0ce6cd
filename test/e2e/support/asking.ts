import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  startTaleus,
  taleus,
  taleusJson,
} from './cli.ts'
import { freeAddress } from './free-address.ts'

interface Asking {
  readonly alice: string
  readonly bob: string
  readonly link: string
  readonly address: string
  readonly listening: RunningListener
}

/** Alice listens, and has made an invitation at which she says yes or no herself; Bob has the link. */
export async function asking(...more: readonly string[]): Promise<Asking> {
  const [alice, bob, address] = [await dataDirectory(), await dataDirectory(), await freeAddress()]
  const listening = await listener(alice, ['--listen', address])
  const { json } = await taleusJson(alice, ['token', 'create', '--approve', ...more])
  return { alice, bob, link: String(json['link']), address, listening }
}

export const redeem = ({ link, bob }: Asking, ...more: readonly string[]) =>
  taleusJson(bob, ['bootstrap', link, '--yes', ...more])

/** The request that waits, as soon as one does. */
export async function pendingOf({ listening }: Pick<Asking, 'listening'>): Promise<string> {
  const { id } = await listening.line(
    ({ type, state }) => type === 'request' && state === 'waiting',
  )
  return String(id)
}

export async function newestSession({ bob }: Asking): Promise<Record<string, unknown>> {
  const { json } = await taleusJson(bob, ['sessions'])
  return Array.isArray(json['sessions']) ? json['sessions'][0] : {}
}

export const PENDING = {
  code: 13,
  json: { error: { code: 'pending', pendingUntil: expect.any(String) } },
}

/** The inviter is ended by a signal while Bob waits, decides without a listener, and starts again. */
export async function inviterStartsAgain(signal: NodeJS.Signals): Promise<void> {
  const all = await asking()
  const waiting = startTaleus(all.bob, ['bootstrap', all.link, '--yes', '--wait', '10m'])
  await waiting.tells('Waiting: the inviter has yet to say yes')
  const id = await pendingOf(all)
  // A line that is over sooner counts as refused, and is asked for again half a minute later.
  await sleep(6_000)
  all.listening.signal(signal)
  await all.listening.exited
  expect((await taleus(all.alice, ['sessions', 'approve', id])).code).toBe(0)
  await listener(all.alice, ['--listen', all.address])
  expect((await waiting.finished).code).toBe(0)
}

/** Bob is ended by a signal while he waits, and comes back. @param exit his exit code; null: none */
export async function inviteeGoesOn(signal: NodeJS.Signals, exit: number | null): Promise<void> {
  const all = await asking()
  const waiting = startTaleus(all.bob, ['bootstrap', all.link, '--yes', '--wait', '10m'])
  await waiting.tells('Waiting: the inviter has yet to say yes')
  waiting.signal(signal)
  const { code, stderr } = await waiting.finished
  expect(code).toBe(exit)
  if (exit !== null) expect(stderr).toContain('your place is kept until')
  const id = await pendingOf(all)
  expect(await redeem(all)).toMatchObject(PENDING)
  // It is one request, whoever asks again.
  const { json } = await taleusJson(all.alice, ['sessions', 'pending'])
  expect(json).toMatchObject({ total: 1, pending: [{ id, state: 'waiting' }] })
  expect((await taleus(all.alice, ['sessions', 'approve', id])).code).toBe(0)
  expect((await redeem(all)).code).toBe(0)
}
