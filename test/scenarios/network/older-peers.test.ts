import { expect, test } from 'vitest'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { soundTrail } from '../../faults/invariants.ts'
import { OlderInvitee } from '../../support/legacy/older-invitee.ts'
import { OlderInviter } from '../../support/legacy/older-inviter.ts'
import { TodaysInviter } from '../../support/legacy/todays-inviter.ts'
import { Invitee } from '../../support/service/inviter-and-invitee.ts'

test('an older invitee gets the tally of an inviter that holds the stock', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite({ role: 'stock' })
  const invitee = await OlderInvitee.start()
  const tallyId = await invitee.redeem(older)
  const session = await inviter.untilEnded(1)
  expect(session).toMatchObject({ state: 'COMPLETED', tallyId, protocol: '1.0.0' })
  expect(await inviter.tallies).toMatchObject([
    { tallyId, role: 'stock', partner: { peerId: invitee.peerId } },
  ])
  await expect.poll(async () => (await inviter.tallies)[0]?.status).toBe('confirmed')
  const told = [...inviter.store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
  const states = told.filter(({ type, sessionId }) => type === 'state' && sessionId === session.id)
  expect(states.length).toBeGreaterThan(0)
  for (const { data } of states) expect(data).toMatchObject({ protocol: '1.0.0' })
  // Both sides could not compare it.
  expect(states.some(({ data }) => 'transcript' in data)).toBe(false)
  expect(await soundTrail('the inviter', inviter.store)).toEqual([])
})

test('an older invitee builds the tally of an inviter that holds the foil', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite({ role: 'foil' })
  const invitee = await OlderInvitee.start()
  await invitee.redeem(older, 'olgas-tally')
  const session = await inviter.untilEnded(1)
  expect(session).toMatchObject({ state: 'COMPLETED', tallyId: 'olgas-tally', protocol: '1.0.0' })
  expect(await inviter.tallies).toMatchObject([
    { tallyId: 'olgas-tally', role: 'foil', status: 'confirmed' },
  ])
  const [tally] = await inviter.tallies
  expect(tally?.built.database.endpoint).toBe('older://db/olgas-tally')
  expect(tally?.receipt).toBeUndefined()
})

test.each(['stock', 'foil'] as const)(
  'an older inviter that holds the %s has its link redeemed',
  async (role) => {
    const inviter = await OlderInviter.start(role)
    const result = await new Invitee().redeem(inviter.link())
    const tallyId = role === 'stock' ? 'ivans-tally-1' : inviter.results[0]?.tally.tallyId
    expect(result).toMatchObject({
      kind: 'completed',
      outcome: {
        tallyId,
        protocol: '1.0.0',
        status: 'confirmed',
        partner: { peerId: inviter.peerId, identity: { 'x-party-id': 'ivan-1' } },
      },
    })
    expect(inviter.contacts).toHaveLength(1)
  },
)

test('older and present peers are served beside each other', async () => {
  const inviter = await TodaysInviter.start()
  const presents = Array.from({ length: 4 }, () => new Invitee())
  const olders = await Promise.all(Array.from({ length: 4 }, () => OlderInvitee.start()))
  const results = await Promise.all([
    ...presents.map(async (each, index) => {
      const role = index % 2 === 0 ? 'stock' : 'foil'
      return (await each.redeem(inviter.invite({ role }).link)).kind
    }),
    ...olders.map(async (each, index) => {
      const role = index % 2 === 0 ? 'stock' : 'foil'
      await each.redeem(inviter.invite({ role }).older, `tally-${index}`)
      return 'completed'
    }),
  ])
  expect(results).toEqual(Array(8).fill('completed'))
  await expect
    .poll(async () => (await inviter.tallies).map(({ status }) => status))
    .toEqual(Array(8).fill('confirmed'))
})

test('the same link, redeemed again by the same older invitee, gives the same tally', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite({ role: 'stock' })
  const invitee = await OlderInvitee.start()
  const tallyId = await invitee.redeem(older)
  expect(await invitee.redeem(older)).toBe(tallyId)
  const connection = await invitee.connect(older)
  // Also if it tells something else about itself now.
  const message = invitee.message(older, { name: 'Olga', email: 'olga@example.org' })
  const answer = await invitee.ask(connection, message)
  expect(answer?.provisionResult?.tally.tallyId).toBe(tallyId)
  expect(await inviter.tallies).toHaveLength(1)
})

test('a one-time token that another older peer shows is not valid', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite({ role: 'stock' })
  await (await OlderInvitee.start()).redeem(older)
  const other = await OlderInvitee.start()
  const answer = await other.ask(await other.connect(older), other.message(older))
  expect(answer).toEqual({ approved: false, reason: 'Invalid token' })
  expect(await inviter.tallies).toHaveLength(1)
})

test('a stranger hears the same of a token that was never made and of one in another form', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite()
  const stranger = await OlderInvitee.start()
  const connection = await stranger.connect(older)
  for (const token of ['stock.AAAAAAAAAAAAAAAAAAAAAA', 'a-uuid-or-so', '{}']) {
    const answer = await stranger.ask(connection, stranger.message({ token }))
    expect(answer).toEqual({ approved: false, reason: 'Invalid token' })
  }
})

test('what an invitation requires is required of an older invitee', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite({ required: ['email'] })
  const invitee = await OlderInvitee.start()
  const connection = await invitee.connect(older)
  expect(await invitee.ask(connection, invitee.message(older))).toEqual({
    approved: false,
    reason: 'Invalid identity',
  })
  const message = invitee.message(older, { email: 'olga@example.org' })
  expect(await invitee.ask(connection, message)).toMatchObject({ approved: true })
})

test('an invitation with terms is not for older invitees, who would not see them', async () => {
  const inviter = await TodaysInviter.start()
  const { older } = inviter.invite({ terms: { limit: 5 } })
  const invitee = await OlderInvitee.start()
  const answer = await invitee.ask(await invitee.connect(older), invitee.message(older))
  expect(answer).toEqual({ approved: false, reason: 'Invalid token' })
  expect(await inviter.tallies).toEqual([])
})

test.each(['stock', 'foil'] as const)(
  'an older invitee of an inviter with the %s that was answered before there were terms is answered again',
  async (role) => {
    const inviter = await TodaysInviter.start()
    const { older } = inviter.invite({ role, uses: null })
    const [invitee, late] = [await OlderInvitee.start(), await OlderInvitee.start()]
    const tallyId = await invitee.redeem(older, 'olgas-tally')
    await inviter.untilEnded(1)
    const [id = ''] = (await inviter.store.query(() => tokenRecords.list())).map(
      (token) => token.id,
    )
    expect(inviter.hooks.token.update(id, { terms: { limit: 5 } })).toBe(true)
    expect(await invitee.redeem(older, 'olgas-tally')).toBe(tallyId)
    const refused = await late.ask(await late.connect(older), late.message(older))
    expect(refused).toEqual({ approved: false, reason: 'Invalid token' })
    expect(await inviter.tallies).toHaveLength(1)
  },
)

test('an inviter that serves no older peers is not even met by one', async () => {
  const inviter = await TodaysInviter.start({}, { legacy: false })
  const { older } = inviter.invite()
  const invitee = await OlderInvitee.start()
  await expect(invitee.connect(older)).rejects.toThrow()
  expect(inviter.node.getProtocols()).not.toContain('/taleus/bootstrap/1.0.0')
})

test('an older link that names no peer id is refused before anybody is met', async () => {
  const inviter = await OlderInviter.start('stock')
  await expect(new Invitee().redeem(inviter.link(false))).rejects.toMatchObject({
    code: 'link_unpinned',
  })
  expect(inviter.node.getConnections()).toEqual([])
})

test.each([
  ['Invalid token', 'invalid_token'],
  ['Invalid identity', 'identity_refused'],
  ['closed for today', 'internal'],
])('an older inviter that says "%s" has refused: %s', async (refusal, reason) => {
  const inviter = await OlderInviter.start('stock')
  inviter.refusal = refusal
  expect(await new Invitee().redeem(inviter.link())).toMatchObject({
    kind: 'failed',
    outcome: { completed: false, reason },
  })
})

test('a result that an older inviter has not taken is held, and the same link goes on with it', async () => {
  const inviter = await OlderInviter.start('foil')
  inviter.refusesResults = true
  const invitee = new Invitee()
  const first = await invitee.redeem(inviter.link())
  expect(first).toMatchObject({ kind: 'failed', outcome: { heldTallyId: expect.any(String) } })
  inviter.refusesResults = false
  const second = await invitee.redeem(inviter.link())
  expect(second).toMatchObject({ kind: 'completed' })
  expect(inviter.results).toHaveLength(1)
})

test.each(['stock', 'foil'] as const)(
  'an older inviter of the %s is not asked again about a tally that is here',
  async (role) => {
    const inviter = await OlderInviter.start(role)
    inviter.isOneTime = true
    const invitee = new Invitee()
    const first = await invitee.redeem(inviter.link())
    const second = await invitee.redeem(inviter.link())
    expect(second).toMatchObject({ kind: 'completed', since: expect.any(Number) })
    const tallyOf = (result: typeof first) =>
      result.kind === 'completed' ? result.outcome.tallyId : undefined
    expect(tallyOf(second)).toBe(tallyOf(first))
    expect(inviter.contacts).toHaveLength(1)
  },
)

test('a held tally stays, though an older inviter says that the token is spent', async () => {
  const inviter = await OlderInviter.start('foil')
  inviter.isOneTime = true
  inviter.refusesResults = true
  const invitee = new Invitee()
  const first = await invitee.redeem(inviter.link())
  const held = first.kind === 'failed' ? first.outcome.heldTallyId : undefined
  expect(held).toEqual(expect.any(String))
  const second = await invitee.redeem(inviter.link())
  expect(second).toMatchObject({ kind: 'failed', outcome: { reason: 'invalid_token' } })
  inviter.isOneTime = false
  inviter.refusesResults = false
  const third = await invitee.redeem(inviter.link())
  expect(third).toMatchObject({ kind: 'completed', outcome: { tallyId: held } })
})
