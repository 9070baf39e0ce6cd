import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'

test('a shop pauses its invitation and keeps a peer out, while it listens', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, ['--listen', '/ip4/127.0.0.1/tcp/0'])
  const make = ['token', 'create', '--unlimited', '--optional', 'phone']
  const { json: token } = await taleusJson(alice, make)
  const [id, link] = [String(token['id']), String(token['link'])]
  const redeem = ['bootstrap', link, '--yes', '--another']
  const looked = await taleus(bob, ['bootstrap', link, '--dry-run'])
  expect(looked.stdout).toContain('Welcome   phone (--disclose)')

  expect((await taleusJson(alice, ['token', 'pause', id])).json).toMatchObject({
    status: 'paused',
    changed: true,
  })
  const paused = await taleusJson(bob, redeem)
  expect(paused).toMatchObject({ code: 9, json: { error: { code: 'paused' } } })
  expect((await taleus(alice, ['token', 'list', '--status', 'paused'])).stdout).toContain(
    '0, unlimited',
  )
  await taleus(alice, ['token', 'resume', id.slice(0, 6)])
  const { json: made } = await taleusJson(bob, redeem)
  expect(made).toMatchObject({ status: 'confirmed' })

  const { json: party } = await taleusJson(bob, ['identity', 'show'])
  const peer = String(party['peerId'])
  const why = ['--reason', 'never pays']
  const denied = await taleusJson(alice, ['peer', 'deny', peer.slice(-8), ...why])
  expect(denied.json).toEqual({ peerId: peer, denied: true, changed: true })
  expect(await taleusJson(bob, redeem)).toMatchObject({
    code: 7,
    json: { error: { code: 'denied', message: expect.not.stringContaining('never pays') } },
  })
  expect((await taleusJson(alice, ['peer', 'list'])).json).toMatchObject({
    peers: [{ peerId: peer, reason: 'never pays' }],
  })
  const synced = await taleusJson(bob, ['tally', 'sync', String(made['tallyId'])])
  expect(synced).toMatchObject({ code: 0, json: { tallies: [{ state: 'in_sync' }] } })
  await taleus(alice, ['peer', 'allow', peer])
  expect(await taleusJson(bob, redeem)).toMatchObject({ code: 0 })
  const { json: counted } = await taleusJson(alice, ['limits', 'show', peer])
  const { left, perMinute } = Object(counted['limits']).attempts
  expect(left).toBeLessThan(perMinute)
  const reset = await taleusJson(alice, ['limits', 'reset', peer, '--reason', 'too eager'])
  expect(reset.json).toMatchObject({ peerId: peer, limits: { attempts: { left: perMinute } } })
  const everything = await taleusJson(alice, ['reap', '--policy', 'all'])
  expect(everything).toMatchObject({ code: 2, json: { error: { code: 'not_interactive' } } })
  expect(await listening.stop()).toBe(0)
  expect(await taleusJson(alice, ['limits', 'show', peer])).toMatchObject({
    code: 0,
    json: { limits: null },
  })
  const { json: shown } = await taleusJson(alice, ['token', 'show', id])
  const events = Object(shown)['lifecycle'].map(({ data }: { data: object }) => Object(data).event)
  expect(events).toEqual(expect.arrayContaining(['issued', 'paused', 'resumed', 'committed']))
})
