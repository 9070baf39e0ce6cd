import { expect, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  startTaleus,
  taleus,
  taleusJson,
} from '../support/cli.ts'
import { freeAddress } from '../support/free-address.ts'

interface Asking {
  readonly alice: string
  readonly bob: string
  readonly link: string
  readonly address: string
  readonly listening: RunningListener
}

/** Alice listens, and has made an invitation at which she says yes or no herself; Bob has the link. */
async function asking(...more: readonly string[]): Promise<Asking> {
  const [alice, bob, address] = [await dataDirectory(), await dataDirectory(), await freeAddress()]
  const listening = await listener(alice, ['--listen', address])
  const { json } = await taleusJson(alice, ['token', 'create', '--approve', ...more])
  return { alice, bob, link: String(json['link']), address, listening }
}

const redeem = ({ link, bob }: Asking, ...more: readonly string[]) =>
  taleusJson(bob, ['bootstrap', link, '--yes', ...more])

async function pendingOf({ alice }: Asking): Promise<string> {
  for (;;) {
    const { json } = await taleusJson(alice, ['sessions', 'pending'])
    const { pending } = json
    const sessions = Array.isArray(pending) ? pending : []
    if (sessions.length > 0) return String(sessions[0].id)
  }
}

async function newestSession({ bob }: Asking): Promise<Record<string, unknown>> {
  const { json } = await taleusJson(bob, ['sessions'])
  return Array.isArray(json['sessions']) ? json['sessions'][0] : {}
}

const PENDING = { code: 13, json: { error: { code: 'pending', pendingUntil: expect.any(String) } } }

test('without --wait an invitee is told to come back, does so with the same link, and gets the tally after the yes', async () => {
  const all = await asking()
  const first = await redeem(all, '--disclose', 'name=Bob')
  expect(first).toMatchObject(PENDING)
  const { error } = first.json as { error: Record<string, unknown> }
  expect(error).toMatchObject({ disclosed: ['name'] })
  expect(String(error['nextStep'])).toContain(`until ${error['pendingUntil']}`)
  expect(await newestSession(all)).toMatchObject({ pendingUntil: error['pendingUntil'] })
  const { stdout } = await taleus(all.bob, ['sessions'])
  expect(stdout).toContain('waiting for a yes or no')
  // Again: the same request, which asks nothing anew.
  expect(await redeem(all)).toMatchObject(PENDING)
  expect((await taleus(all.alice, ['sessions', 'approve', await pendingOf(all)])).code).toBe(0)
  expect(await redeem(all)).toMatchObject({ code: 0, json: { status: 'confirmed' } })
  expect(await newestSession(all)).toMatchObject({ state: 'COMPLETED', pendingUntil: null })
})

test('with --wait the tally is made within moments of the yes, and little is asked meanwhile', async () => {
  const all = await asking('--role', 'foil')
  const waiting = startTaleus(all.bob, ['bootstrap', all.link, '--yes', '--wait', '10m'])
  await waiting.tells('Waiting: the inviter has yet to say yes')
  const id = await pendingOf(all)
  const saidAt = performance.now()
  expect((await taleus(all.alice, ['sessions', 'approve', id])).code).toBe(0)
  const { code, stdout } = await waiting.finished
  const took = performance.now() - saidAt
  expect(code).toBe(0)
  expect(stdout).toContain('Both sides have the draft')
  // Sooner than the inviter had told it to ask again: it was called.
  expect(took).toBeLessThan(25_000)
  const { json } = await taleusJson(all.bob, ['sessions'])
  expect(json['sessions']).toMatchObject([{ state: 'COMPLETED' }, { reason: 'pending' }])
})

test('a no is final, with its reason, also for whoever waits', async () => {
  const all = await asking()
  const waiting = startTaleus(all.bob, ['bootstrap', all.link, '--yes', '--wait', '10m'])
  await waiting.tells('Waiting: ')
  const id = await pendingOf(all)
  const deny = ['sessions', 'deny', id, '--reason', 'no room this year']
  expect((await taleus(all.alice, deny)).code).toBe(0)
  const { code, stderr } = await waiting.finished
  expect(code).toBe(7)
  expect(stderr).toContain('no room this year')
  const again = await redeem(all)
  expect(again).toMatchObject({ code: 7, json: { error: { code: 'denied' } } })
  expect(await newestSession(all)).toMatchObject({ pendingUntil: null })
})

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'an inviter that is ended by %s and started again while somebody waits calls it all the same',
  async (signal) => {
    const all = await asking()
    const waiting = startTaleus(all.bob, ['bootstrap', all.link, '--yes', '--wait', '10m'])
    await waiting.tells('Waiting: the inviter has yet to say yes')
    const id = await pendingOf(all)
    all.listening.signal(signal)
    await all.listening.exited
    // Decided without a listener.
    expect((await taleus(all.alice, ['sessions', 'approve', id])).code).toBe(0)
    await listener(all.alice, ['--listen', all.address])
    expect((await waiting.finished).code).toBe(0)
  },
)

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const)(
  'an invitee that is ended by %s while it waits goes on with the same link',
  async (signal, exit) => {
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
    expect(await pendingOf(all)).toBe(id)
    expect((await taleus(all.alice, ['sessions', 'approve', id])).code).toBe(0)
    expect((await redeem(all)).code).toBe(0)
  },
)

test('a wait that is over before the answer says how to go on, and that is no failure', async () => {
  const all = await asking()
  expect(await redeem(all, '--wait', '2s')).toMatchObject(PENDING)
})

test('where nobody can be asked the offer is agreed to beforehand, once', async () => {
  const all = await asking()
  const asked = await taleusJson(all.bob, ['bootstrap', all.link])
  expect(asked).toMatchObject({ code: 2, json: { error: { code: 'not_interactive' } } })
  expect(await redeem(all)).toMatchObject(PENDING)
  // The question was answered: not again.
  expect(await taleusJson(all.bob, ['bootstrap', all.link])).toMatchObject(PENDING)
})
