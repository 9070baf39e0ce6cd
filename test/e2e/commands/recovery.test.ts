import { expect, onTestFinished, test } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import {
  dataDirectory,
  listener,
  type RunningListener,
  taleus,
  taleusJson,
} from '../support/cli.ts'

const LISTEN = [
  '--listen',
  '/ip4/127.0.0.1/tcp/0',
  '--step-timeout',
  '1m',
  '--session-timeout',
  '2m',
]

/** An invitee that is approved and then says nothing more: the inviter awaits its database. */
async function vanishingInvitee(listening: RunningListener, link: string): Promise<void> {
  const node = await createDialNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()) })
  onTestFinished(() => void stopNode(node))
  const dialer = createDialer(node)
  const signal = AbortSignal.timeout(30_000)
  const transport = await dialer.dial(listening.peerId, listening.addresses, signal)
  transport.listen({ frame() {}, problem() {}, ended() {}, closed() {} })
  const { secret, role } = decodeLink(link)
  await transport.send(
    encodeMessage({
      type: 'InboundContact',
      bootstrapId: 'vanishing',
      secret: secretToText(secret),
      partyId: dialer.localPeer,
      role,
      identity: {},
      cadre: [],
    }),
  )
  await listening.line(({ to }) => to === 'AWAITING_ACK')
}

async function foilInvitation(directory: string): Promise<string> {
  const { json } = await taleusJson(directory, ['token', 'create', '--role', 'foil'])
  return String(json['link'])
}

async function sessionsOf(directory: string): Promise<readonly Record<string, unknown>[]> {
  const { json } = await taleusJson(directory, ['sessions'])
  return Array.isArray(json['sessions']) ? json['sessions'] : []
}

test('a session that a crash left open is closed at the next start, its use still reserved', async () => {
  const alice = await dataDirectory()
  const listening = await listener(alice, LISTEN)
  await vanishingInvitee(listening, await foilInvitation(alice))
  listening.signal('SIGKILL')
  await listening.exited
  expect(await sessionsOf(alice)).toMatchObject([{ state: 'AWAITING_ACK' }])
  const looked = await taleusJson(alice, ['recover', '--dry-run'])
  expect(looked).toMatchObject({
    code: 0,
    json: {
      dryRun: true,
      sessions: [{ state: 'AWAITING_ACK' }],
      things: [{ kind: 'reservation', decision: 'wait' }],
    },
  })
  expect(await sessionsOf(alice)).toMatchObject([{ state: 'AWAITING_ACK' }])
  const again = await listener(alice, LISTEN)
  const refused = await taleusJson(alice, ['recover'])
  expect(refused).toMatchObject({ code: 10, json: { error: { code: 'listener_running' } } })
  expect(await again.stop()).toBe(0)
  expect(await sessionsOf(alice)).toMatchObject([
    { state: 'FAILED', reason: 'crashed', step: 'AWAITING_ACK' },
  ])
  const { json } = await taleusJson(alice, ['token', 'list'])
  expect(json['tokens']).toMatchObject([{ used: 0, reserved: 1 }])
  expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
})

test('a session under way can be cancelled, and then the use that it held', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, LISTEN)
  const link = await foilInvitation(alice)
  await vanishingInvitee(listening, link)
  const [session] = await sessionsOf(alice)
  const id = String(session?.['id'])
  const first = await taleusJson(alice, ['sessions', 'cancel', id.slice(0, 6)])
  expect(first).toMatchObject({ code: 0, json: { id, cancelled: 'session' } })
  await listening.line(({ to, reason }) => to === 'FAILED' && reason === 'cancelled')
  const second = await taleusJson(alice, ['sessions', 'cancel', id])
  expect(second).toMatchObject({ code: 0, json: { cancelled: 'reservation' } })
  const third = await taleusJson(alice, ['sessions', 'cancel', id])
  expect(third).toMatchObject({ code: 2, json: { error: { code: 'session_over' } } })
  expect((await taleusJson(bob, ['bootstrap', link, '--yes'])).code).toBe(0)
  expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
})

test('nothing is stuck where nothing failed', async () => {
  const directory = await dataDirectory()
  await taleus(directory, ['identity', 'show'])
  const { code, json } = await taleusJson(directory, ['sessions', 'stuck'])
  expect({ code, json }).toEqual({ code: 0, json: { stuck: [], shown: 0, total: 0 } })
})
