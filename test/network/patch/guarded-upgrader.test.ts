import type { Connection, Upgrader } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { networkLimits } from '../../../src/network/base/limits.ts'
import { HandshakeTurns } from '../../../src/network/guard/handshake-turns.ts'
import { ProbeConnection } from '../../../src/network/patch/check-connections.ts'
import { GuardedUpgrader } from '../../../src/network/patch/guarded-upgrader.ts'
import type { TransportPatches } from '../../../src/network/patch/transport-patches.ts'
import { uncaughtFrom } from '../../support/network/uncaught.ts'

const NOTHING: TransportPatches = {
  inside: '@libp2p/tcp',
  mend: () => undefined,
  firstWord: async () => undefined,
  mendTransport: () => undefined,
  hosts: () => ({}),
  guardListener: () => undefined,
  knock: async () => undefined,
  dialTimeoutMs: () => 1_000,
}

function upgraderBefore(inner: Partial<Upgrader>, impostors = new WeakMap<object, boolean>()) {
  const limits = networkLimits()
  const guards = { limits, impostors, turns: new HandshakeTurns(limits) }
  return new GuardedUpgrader(inner as Upgrader, guards, NOTHING)
}

/** Negotiates as libp2p does: the decoder of the options is asked for a length. */
function read(options: object): void {
  const decode: (bytes: object) => number = Reflect.get(options, 'lengthDecoder')
  expect(decode({ byteLength: 1, get: () => 1 })).toBe(1)
}

const OPTIONS = { signal: AbortSignal.timeout(60_000) }

test('an inbound upgrade that did not read strictly ends the process', async () => {
  const upgrader = upgraderBefore({ upgradeInbound: async () => undefined })
  const connection = new ProbeConnection()
  const upgrading = upgrader.upgradeInbound(connection, OPTIONS)
  const uncaught = await uncaughtFrom(() => expect(upgrading).rejects.toThrow())
  expect(uncaught).toMatchObject({ code: 'dependency_changed', package: 'libp2p' })
  expect(connection.status).toBe('aborted')
})

test('an inbound upgrade that did is let through', async () => {
  const upgrader = upgraderBefore({ upgradeInbound: async (_, options) => read(options) })
  const connection = new ProbeConnection()
  await upgrader.upgradeInbound(connection, OPTIONS)
  expect(connection.status).toBe('open')
})

const upgraded = {} as Connection

test.each([
  ['was not read strictly', () => undefined, true],
  ['was encrypted on another connection', read, false],
] as const)('an outbound upgrade that %s is refused', async (_, negotiate, isEncrypted) => {
  const impostors = new WeakMap<object, boolean>()
  const upgradeOutbound: Upgrader['upgradeOutbound'] = async (connection, options) => {
    negotiate(options)
    if (isEncrypted) impostors.set(connection, false)
    return upgraded
  }
  const connection = new ProbeConnection('outbound')
  const upgrading = upgraderBefore({ upgradeOutbound }, impostors).upgradeOutbound(
    connection,
    OPTIONS,
  )
  await expect(upgrading).rejects.toMatchObject({ code: 'dependency_changed', package: 'libp2p' })
  expect(connection.status).toBe('aborted')
})
