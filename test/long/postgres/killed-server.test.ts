import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import { tallyNames } from '../../../src/hooks/postgres/tally-names.ts'
import { generatePrivateKeyBytes } from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { redeemLink } from '../../../src/service/redeeming/redeem-link.ts'
import type { RedeemResult } from '../../../src/service/redeeming/redeem-result.ts'
import { Redeemer } from '../../../src/service/redeeming/redeemer.ts'
import { ForwardOnlyClock } from '../../../src/session/clock/forward-only-clock.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { dataDirectory, listener, taleusJson } from '../../e2e/support/cli.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const INVITEES = 100
/** How often the server is killed and started again. */
const CRASHES = 6
/** Limits that are about strangers are not what this is about. */
const OPEN = {
  TALEUS_RATE_LIMIT: '100000',
  TALEUS_ADDRESS_RATE_LIMIT: '1000000',
  TALEUS_BREAKER_PAUSE: '500ms',
}

/** Refusals after which the same again may do. */
const PASSING = [
  'busy',
  'provision_failed',
  'in_progress',
  'timed_out',
  'database_unreachable',
  'session_deadline',
  'step_deadline',
  'unreachable',
  'stream_lost',
  'peer_ended',
  'rate_limited',
]

class ServerInvitee {
  readonly #key = generatePrivateKeyBytes()
  readonly #store = openMemoryStore()

  async redeem(text: string, directory: string): Promise<RedeemResult> {
    const localPeer = peerIdOfKeyBytes(this.#key)
    const hooks = createFileHooks({ store: this.#store, eventFile: join(directory, localPeer) })
    const clock = new ForwardOnlyClock(SYSTEM_CLOCK)
    const config = { stepTimeoutMs: 20_000 }
    const redeemer = new Redeemer({ store: this.#store, hooks, key: this.#key, config, clock })
    return await redeemLink(
      { store: this.#store, redeemer, localPeer, identity: {}, cadre: [] },
      {
        text,
        given: {},
        timeoutMs: 60_000,
        another: false,
        dryRun: false,
        interrupted: new AbortController().signal,
        agree: async () => true,
      },
    )
  }
}

function tallyOf(result: RedeemResult): string | undefined {
  if (result.kind === 'completed') return result.outcome.tallyId
  return result.kind === 'had' ? result.tally.tallyId : undefined
}

function refusalOf(result: RedeemResult): string {
  if (result.kind === 'failed') return result.outcome.reason
  return result.kind === 'refused' ? result.refusal.code : result.kind
}

it.skipIf(!canRunPostgres())(
  'a server that is killed and started again under 100 bootstraps keeps one schema for each tally, and no other',
  async () => {
    const server = await sharedPostgres()
    const [alice, directory] = [await dataDirectory(), await temporaryDirectory()]
    const args = ['--listen', '/ip4/127.0.0.1/tcp/0', '--max-sessions', '200']
    const env = { ...OPEN, PGPASSWORD: server.password }
    const listening = await listener(alice, [...args, '--database', server.url()], { env })
    const { json } = await taleusJson(alice, ['token', 'create', '--unlimited'])
    const link = String(json['link'])
    const invitees = Array.from({ length: INVITEES }, () => new ServerInvitee())
    let isOver = false
    const killer = (async () => {
      for (let crash = 1; crash <= CRASHES; crash += 1) {
        await sleep(200 + 173 * crash)
        await server.crash()
        await sleep(100 * (crash % 3))
        await server.start()
      }
      isOver = true
    })()
    const refused = new Map<string, number>()
    const tallies = await Promise.all(
      invitees.map(async (invitee) => {
        for (let round = 0; ; round += 1) {
          const result = await invitee.redeem(link, directory)
          const tallyId = tallyOf(result)
          if (tallyId !== undefined) return tallyId
          const refusal = refusalOf(result)
          expect(PASSING).toContain(refusal)
          refused.set(refusal, (refused.get(refusal) ?? 0) + 1)
          expect(round, refusal).toBeLessThan(60)
          await sleep(isOver ? 300 : 100)
        }
      }),
    )
    await killer
    console.info('refused on the way', Object.fromEntries(refused))
    expect(new Set(tallies).size).toBe(INVITEES)
    const names = tallies.map(tallyNames)
    const wanted = {
      schemas: names.map(({ schema }) => schema).toSorted(),
      roles: names.flatMap(({ stock, foil }) => [stock, foil]).toSorted(),
    }
    // What was given up is removed in the background.
    for (let looks = 0; looks < 120; looks += 1) {
      const { schemas } = await server.leftovers()
      if (schemas.length === INVITEES) break
      await sleep(500)
    }
    expect(await server.leftovers()).toEqual(wanted)
    for (const { schema, foil } of names) {
      const rows = await server.query(`SELECT author FROM ${schema}.entries`)
      expect(rows).toEqual([{ author: foil }])
    }
    expect(await listening.stop()).toBe(0)
    expect((await taleusJson(alice, ['audit', 'verify'])).json).toMatchObject({ ok: true })
    await server.removeTallies()
  },
)
