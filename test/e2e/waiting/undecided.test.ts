import { expect, test } from 'vitest'
import {
  asking,
  inviteeGoesOn,
  inviterStartsAgain,
  newestSession,
  PENDING,
  pendingOf,
  redeem,
} from '../support/asking.ts'
import { startTaleus, taleus, taleusJson } from '../support/cli.ts'

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

test('an inviter that is killed and started again while somebody waits calls it all the same', async () => {
  await inviterStartsAgain('SIGKILL')
})

test('an invitee that is killed while it waits goes on with the same link', async () => {
  await inviteeGoesOn('SIGKILL', null)
})

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
