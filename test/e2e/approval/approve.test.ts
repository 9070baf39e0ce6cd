import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  dataDirectory,
  listener,
  type RunningListener,
  taleus,
  taleusJson,
} from '../support/cli.ts'

const PORT = ['--listen', '/ip4/127.0.0.1/tcp/0']
const DISCLOSE = ['--disclose', 'name=Bob']

interface Scene {
  readonly alice: string
  readonly bob: string
  readonly link: string
  readonly tokenId: string
  readonly listening: RunningListener
  /** Starts the listener again where it was, so that the link stays good. */
  again(): Promise<RunningListener>
}

async function scene(more: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Scene> {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, PORT, { env })
  const make = ['token', 'create', '--approve', '--require', 'name', '--label', 'the bike', ...more]
  const { json: token } = await taleusJson(alice, make)
  const [link, tokenId] = [String(token['link']), String(token['id'])]
  const [address = ''] = listening.addresses
  const again = () => listener(alice, ['--listen', address], { env })
  return { alice, bob, link, tokenId, listening, again }
}

/** Runs the link, as an invitee does who comes back with it. */
function redeem(party: string, link: string, disclose: readonly string[] = DISCLOSE) {
  return taleusJson(party, ['bootstrap', link, '--yes', ...disclose])
}

async function pendingIds(alice: string): Promise<readonly string[]> {
  const { json } = await taleusJson(alice, ['sessions', 'pending'])
  return (json['pending'] as readonly { readonly id: string }[]).map(({ id }) => id)
}

/** Has Bob ask, and returns the id of his request. */
async function ask({ alice, bob, link }: Scene): Promise<string> {
  expect(await redeem(bob, link)).toMatchObject({ code: 13, json: { error: { code: 'pending' } } })
  const [id = ''] = await pendingIds(alice)
  return id
}

describe('an inviter that is asked first', () => {
  test('sees who waits, says yes beside its listener, and the same link goes on to the tally', async () => {
    const all = await scene()
    const { alice, bob, link, listening, tokenId } = all
    const id = await ask(all)
    const told = await listening.line(({ type }) => type === 'request')
    expect(told).toMatchObject({ state: 'waiting', id, tokenId, peerName: 'Bob' })
    const { json } = await taleusJson(alice, ['sessions', 'pending'])
    expect(json).toMatchObject({
      shown: 1,
      total: 1,
      next: null,
      pending: [{ id, state: 'waiting', identity: { name: 'Bob' }, label: 'the bike', tokenId }],
    })
    const text = (await taleus(alice, ['sessions', 'pending'])).stdout
    expect(text).toContain('name "Bob"')
    expect((await taleus(alice, ['status'])).stdout).toContain('1 for your yes or no')
    const said = await taleusJson(alice, ['sessions', 'approve', id.slice(0, 6)])
    expect(said).toMatchObject({ code: 0, json: { id, result: 'approved', reason: null } })
    await listening.line(({ type, state }) => type === 'request' && state === 'approved')
    expect((await taleusJson(alice, ['token', 'show', tokenId])).json).toMatchObject({
      byHand: true,
      used: 0,
      reserved: 1,
    })
    const done = await redeem(bob, link)
    expect(done).toMatchObject({ code: 0, json: { status: 'confirmed' } })
    expect(await pendingIds(alice)).toEqual([])
    const shown = await taleusJson(alice, ['tally', 'show', String(done.json['tallyId'])])
    expect(shown.json).toMatchObject({ tallyId: done.json['tallyId'] })
    expect(await taleusJson(alice, ['audit', 'verify'])).toMatchObject({ code: 0 })
    const first = await taleusJson(alice, ['sessions', 'replay', id])
    expect(first.code).toBe(0)
  })

  test('says no, and the peer hears the reason, for good', async () => {
    const all = await scene()
    const { alice, bob, link } = all
    const id = await ask(all)
    const said = await taleusJson(alice, ['sessions', 'deny', id, '--reason', 'who are you?'])
    expect(said).toMatchObject({ code: 0, json: { result: 'denied', reason: 'who are you?' } })
    for (let time = 0; time < 2; time += 1) {
      const refused = await redeem(bob, link)
      expect(refused).toMatchObject({ code: 7, json: { error: { code: 'denied' } } })
      expect(JSON.stringify(refused.json)).toContain('who are you?')
    }
    const late = await taleusJson(alice, ['sessions', 'approve', id])
    expect(late).toMatchObject({ code: 2, json: { error: { code: 'not_found' } } })
  })

  test('says nothing in time: it lapses at the bound that both were told, and may be asked again', async () => {
    const all = await scene([], { TALEUS_PENDING_FOR: '2s' })
    const { alice, bob, link } = all
    const id = await ask(all)
    await sleep(2_100)
    expect(await pendingIds(alice)).toEqual([])
    const late = await taleusJson(alice, ['sessions', 'approve', id])
    // The listener may have tidied it up by then.
    const codes = ['not_waiting', 'not_found']
    expect(late.code).toBe(2)
    expect(codes).toContain(Object(late.json['error']).code)
    expect(await redeem(bob, link)).toMatchObject({
      code: 13,
      json: { error: { code: 'pending' } },
    })
    expect(await pendingIds(alice)).not.toEqual([id])
  })

  test('restarts while somebody waits, and again while a yes waits to be collected', async () => {
    const all = await scene()
    const { alice, bob, link, listening } = all
    const id = await ask(all)
    listening.signal('SIGKILL')
    await listening.exited
    const second = await all.again()
    expect(await pendingIds(alice)).toEqual([id])
    expect(await redeem(bob, link)).toMatchObject({
      code: 13,
      json: { error: { code: 'pending' } },
    })
    expect(await taleusJson(alice, ['sessions', 'approve', id])).toMatchObject({ code: 0 })
    second.signal('SIGKILL')
    await second.exited
    await all.again()
    expect(await redeem(bob, link)).toMatchObject({ code: 0, json: { status: 'confirmed' } })
  })

  test('says yes with no listener running, to a peer that is gone, which comes later', async () => {
    const all = await scene()
    const { alice, bob, link, listening } = all
    const id = await ask(all)
    expect(await listening.stop()).toBe(0)
    expect(await taleusJson(alice, ['sessions', 'approve', id])).toMatchObject({
      code: 0,
      json: { result: 'approved' },
    })
    const again = await taleusJson(alice, ['sessions', 'approve', id])
    expect(again).toMatchObject({ code: 2, json: { error: { code: 'not_waiting' } } })
    await all.again()
    expect(await redeem(bob, link)).toMatchObject({ code: 0, json: { status: 'confirmed' } })
  })

  test('revokes while somebody waits: the peer is told so, and a yes comes too late', async () => {
    const all = await scene()
    const { alice, bob, link, tokenId } = all
    const id = await ask(all)
    await taleus(alice, ['token', 'revoke', tokenId])
    const late = await taleusJson(alice, ['sessions', 'approve', id])
    expect(late.code).toBe(2)
    expect(await redeem(bob, link)).toMatchObject({ code: 5, json: { error: { code: 'revoked' } } })
  })

  test('gives the one use of two that wait to whom it says yes, and the other is told', async () => {
    const all = await scene()
    const { alice, bob, link } = all
    const bobs = await ask(all)
    const carol = await dataDirectory()
    await redeem(carol, link, ['--disclose', 'name=Carol'])
    const carols = (await pendingIds(alice)).find((id) => id !== bobs) ?? ''
    expect(await taleusJson(alice, ['sessions', 'approve', carols])).toMatchObject({ code: 0 })
    const second = await taleusJson(alice, ['sessions', 'approve', bobs])
    expect(second).toMatchObject({ code: 2, json: { error: { code: 'not_waiting' } } })
    expect(await redeem(bob, link)).toMatchObject({
      code: 9,
      json: { error: { code: 'in_progress' } },
    })
    expect(await redeem(carol, link, ['--disclose', 'name=Carol'])).toMatchObject({ code: 0 })
    expect(await redeem(bob, link)).toMatchObject({ code: 5, json: { error: { code: 'used' } } })
  })
})

test('an invitation takes over from another one that its inviter is asked first', async () => {
  const alice = await dataDirectory()
  const announce = ['--announce', '/ip4/192.0.2.1/tcp/1']
  const env = { TALEUS_APPROVE: 'on' }
  const { json: first } = await taleusJson(alice, ['token', 'create', ...announce], { env })
  const { json: like } = await taleusJson(alice, [
    ...['token', 'create', '--like', String(first['id'])],
    ...announce,
  ])
  const { json: again } = await taleusJson(alice, [
    'token',
    'reissue',
    String(like['id']),
    ...announce,
  ])
  for (const { id } of [first, like, again]) {
    expect((await taleusJson(alice, ['token', 'show', String(id)])).json).toMatchObject({
      byHand: true,
    })
  }
  await taleus(alice, ['config', 'set', 'approve', 'on'])
  const { json: usual } = await taleusJson(alice, ['token', 'create', ...announce])
  expect((await taleusJson(alice, ['token', 'show', String(usual['id'])])).json).toMatchObject({
    byHand: true,
  })
  const { json: automatic } = await taleusJson(alice, [
    'token',
    'create',
    '--no-approve',
    ...announce,
  ])
  expect((await taleusJson(alice, ['token', 'show', String(automatic['id'])])).json).toMatchObject({
    byHand: false,
  })
})

test('one thing that a stranger discloses can not pass for two on the screen of whoever says yes or no', async () => {
  const all = await scene()
  const { alice, bob, link } = all
  const name = 'Bob", email "boss@bank.example'
  await redeem(bob, link, ['--disclose', `name=${name}`])
  const { stdout } = await taleus(alice, ['sessions', 'pending'])
  expect(stdout).toContain(String.raw`name "Bob\", email \"boss@bank.example`)
})
