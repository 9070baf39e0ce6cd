import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { PENDING } from '../support/asking.ts'
import {
  dataDirectory,
  listener,
  type RunningListener,
  taleus,
  taleusJson,
} from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { sharedInviter } from '../support/shared-inviter.ts'

const DISCLOSE = ['--disclose', 'name=Bob']

/** The command makes it in the first test; nothing else is asked of it in the others. */
const BY_HAND = { byHand: true as const, required: ['name'], label: 'the bike' }

const inviter = sharedInviter()

interface Asked {
  readonly alice: string
  readonly bob: string
  readonly link: string
  readonly tokenId: string
  /** Of Bob's request. */
  readonly id: string
}

/** Runs the link, as an invitee does who comes back with it. */
function redeem(party: string, link: string, disclose: readonly string[] = DISCLOSE) {
  return taleusJson(party, ['bootstrap', link, '--yes', ...disclose])
}

/** Has somebody ask, and returns the id of the request. */
async function ask(
  { listening, tokenId }: { readonly listening: RunningListener; readonly tokenId: string },
  party: string,
  link: string,
): Promise<string> {
  const before = listening.lines.length
  expect(await redeem(party, link)).toMatchObject(PENDING)
  const told = await listening.line(
    (line) =>
      listening.lines.indexOf(line) >= before &&
      line['type'] === 'request' &&
      line['state'] === 'waiting' &&
      line['tokenId'] === tokenId,
  )
  return String(told['id'])
}

/** Bob has asked at an invitation of an inviter whom all tests share. */
async function asked(): Promise<Asked & { readonly listening: RunningListener }> {
  const bob = await dataDirectory()
  const { directory: alice, listening, invite: make } = await inviter()
  const { link, id: tokenId } = await make(BY_HAND)
  const id = await ask({ listening, tokenId }, bob, link)
  return { alice, bob, link, tokenId, listening, id }
}

/** The same with an inviter of its own, that can be started again where it was. */
async function askedAlone(env: NodeJS.ProcessEnv = {}) {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, ['--listen', '/ip4/127.0.0.1/tcp/0'], { env })
  const { link, id: tokenId } = await invite(alice, listening.addresses, BY_HAND)
  const [address = ''] = listening.addresses
  const again = () => listener(alice, ['--listen', address], { env })
  const id = await ask({ listening, tokenId }, bob, link)
  return { alice, bob, link, tokenId, listening, id, again }
}

describe('an inviter that is asked first', () => {
  test('sees who waits, says yes beside its listener, and the same link goes on to the tally', async () => {
    const bob = await dataDirectory()
    const { directory: alice, listening } = await inviter()
    const make = ['token', 'create', '--approve', '--require', 'name', '--label', 'the bike']
    const { json: token } = await taleusJson(alice, make)
    const [link, tokenId] = [String(token['link']), String(token['id'])]
    const id = await ask({ listening, tokenId }, bob, link)
    const told = await listening.line((line) => line['id'] === id && line['type'] === 'request')
    expect(told).toMatchObject({ state: 'waiting', tokenId, peerName: 'Bob' })
    const { json } = await taleusJson(alice, ['sessions', 'pending'])
    expect(json).toMatchObject({
      pending: expect.arrayContaining([
        expect.objectContaining({
          ...{ id, state: 'waiting', identity: { name: 'Bob' } },
          ...{ label: 'the bike', tokenId },
        }),
      ]),
    })
    const text = (await taleus(alice, ['sessions', 'pending'])).stdout
    expect(text).toContain('name "Bob"')
    expect((await taleus(alice, ['status'])).stdout).toMatch(/[1-9] for your yes or no/)
    const said = await taleusJson(alice, ['sessions', 'approve', id.slice(0, 8)])
    expect(said).toMatchObject({ code: 0, json: { id, result: 'approved', reason: null } })
    await listening.line((line) => line['id'] === id && line['state'] === 'approved')
    expect((await taleusJson(alice, ['token', 'show', tokenId])).json).toMatchObject({
      ...{ byHand: true, used: 0, reserved: 1 },
    })
    const done = await redeem(bob, link)
    expect(done).toMatchObject({ code: 0, json: { status: 'confirmed' } })
    const shown = await taleusJson(alice, ['tally', 'show', String(done.json['tallyId'])])
    expect(shown.json).toMatchObject({ tallyId: done.json['tallyId'] })
    expect(await taleusJson(alice, ['audit', 'verify'])).toMatchObject({ code: 0 })
    expect((await taleusJson(alice, ['sessions', 'replay', id])).code).toBe(0)
    const late = await taleusJson(alice, ['sessions', 'approve', id])
    expect(late).toMatchObject({ code: 2, json: { error: { code: 'not_found' } } })
  })

  test('says no, and the peer hears the reason, for good', async () => {
    const { alice, bob, link, id } = await asked()
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
    const { alice, bob, link, id, listening, tokenId } = await askedAlone({
      TALEUS_PENDING_FOR: '2s',
    })
    await sleep(2_100)
    const { json } = await taleusJson(alice, ['sessions', 'pending'])
    expect(json).toMatchObject({ pending: [], total: 0 })
    const late = await taleusJson(alice, ['sessions', 'approve', id])
    // The listener may have tidied it up by then.
    const codes = ['not_waiting', 'not_found']
    expect(late.code).toBe(2)
    expect(codes).toContain(Object(late.json['error']).code)
    expect(await ask({ listening, tokenId }, bob, link)).not.toBe(id)
  })

  test('restarts while somebody waits, says yes with no listener running, and restarts before that is collected', async () => {
    const { alice, bob, link, id, listening, again } = await askedAlone()
    listening.signal('SIGKILL')
    await listening.exited
    const second = await again()
    expect(await redeem(bob, link)).toMatchObject(PENDING)
    const { json } = await taleusJson(alice, ['sessions', 'pending'])
    expect(json).toMatchObject({ pending: [{ id, state: 'waiting' }], total: 1 })
    expect(await second.stop()).toBe(0)
    expect(await taleusJson(alice, ['sessions', 'approve', id])).toMatchObject({
      code: 0,
      json: { result: 'approved' },
    })
    const repeated = await taleusJson(alice, ['sessions', 'approve', id])
    expect(repeated).toMatchObject({ code: 2, json: { error: { code: 'not_waiting' } } })
    await again()
    expect(await redeem(bob, link)).toMatchObject({ code: 0, json: { status: 'confirmed' } })
  })

  test('revokes while somebody waits: the peer is told so, and a yes comes too late', async () => {
    const { alice, bob, link, tokenId, id } = await asked()
    await taleus(alice, ['token', 'revoke', tokenId])
    const late = await taleusJson(alice, ['sessions', 'approve', id])
    expect(late.code).toBe(2)
    expect(await redeem(bob, link)).toMatchObject({ code: 5, json: { error: { code: 'revoked' } } })
  })

  test('gives the one use of two that wait to whom it says yes, and the other is told', async () => {
    const all = await asked()
    const { alice, bob, link, id: bobs } = all
    const carol = await dataDirectory()
    const carols = await ask(all, carol, link)
    expect(await taleusJson(alice, ['sessions', 'approve', carols])).toMatchObject({ code: 0 })
    const second = await taleusJson(alice, ['sessions', 'approve', bobs])
    expect(second).toMatchObject({ code: 2, json: { error: { code: 'not_waiting' } } })
    expect(await redeem(bob, link)).toMatchObject({
      code: 9,
      json: { error: { code: 'in_progress' } },
    })
    expect(await redeem(carol, link)).toMatchObject({ code: 0 })
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
  const { directory: alice, invite: make } = await inviter()
  const { link } = await make(BY_HAND)
  const name = 'Bob", email "boss@bank.example'
  await redeem(await dataDirectory(), link, ['--disclose', `name=${name}`])
  const { stdout } = await taleus(alice, ['sessions', 'pending'])
  expect(stdout).toContain(String.raw`name "Bob\", email \"boss@bank.example`)
})
