import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HttpService } from '../../../src/service/http/http-service.ts'
import type { ListenerStatus } from '../../../src/service/status/listener-status.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { STATUS } from '../../support/listener-status.ts'
import {
  familiesIn,
  hasPromtool,
  metricsFaults,
  saidByPromtool,
} from '../../support/service/metrics-rules.ts'
import { decide, waiting } from '../../support/session/by-hand.ts'
import { World } from '../../support/session/world.ts'

function serviceOn(path: string, world: World, status: ListenerStatus = STATUS): HttpService {
  const { manager, store } = world.alice
  return new HttpService({
    directory: openDataDirectory(path),
    store,
    manager,
    listener: { status: () => status, freshStatus: async () => status },
  })
}

async function served(changes: Partial<ListenerStatus> = {}, config: Partial<SessionConfig> = {}) {
  const path = mkdtempSync(join(tmpdir(), 'taleus-http-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const world = new World({ inviter: { config } })
  const service = serviceOn(path, world, { ...STATUS, ...changes })
  const url = await service.start('127.0.0.1', 0)
  onTestFinished(() => service.stop())
  const get = async (page: string) => {
    const response = await fetch(`${url}${page}`)
    return { status: response.status, text: await response.text() }
  }
  return { world, get }
}

test('metrics count sessions by side, state and reason, and say nothing of who', async () => {
  const { world, get } = await served()
  expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
  const stranger = world.stranger(3)
  await world.redeemed({ ...world.invite({ secret: 8 }), secret: new Uint8Array(16) }, {}, stranger)
  const { status, text } = await get('/metrics')
  expect(status).toBe(200)
  expect(text).toContain('taleus_sessions_total{side="listener",state="COMPLETED",reason="none"} 1')
  expect(text).toMatch(/taleus_sessions_total\{side="listener",state="FAILED",reason="\w+"\} 1/)
  expect(text).toContain('taleus_step_seconds_count{side="listener",state="PROVISIONING_DB"} 1')
  expect(text).toMatch(/taleus_commit_batch_size_count [1-9]/)
  expect(text).toMatch(/taleus_fsync_seconds_sum \d/)
  const [tally] = await world.alice.tallies
  for (const who of [world.alice, world.bob, stranger]) expect(text).not.toContain(who.peerId)
  expect(text).not.toContain(tally?.tallyId)
})

test('metrics count what waits for a yes or no, what became of it, and who has asked as no failure', async () => {
  const { world, get } = await served()
  const link = world.invite({ byHand: true, usesAllowed: null })
  const strangers = [3, 4, 5].map((name) => world.stranger(name))
  for (const each of strangers) await world.redeemed(link, {}, each)
  const [first, second] = waiting(world.alice)
  await decide(world.alice, first?.id ?? '', 'yes')
  await decide(world.alice, second?.id ?? '', 'no')
  const { text } = await get('/metrics')
  expect(text).toContain('taleus_sessions_total{side="listener",state="ASKED",reason="pending"} 3')
  expect(text).not.toMatch(/taleus_sessions_total\{side="listener",state="FAILED"/)
  expect(text).toContain('taleus_requests_waiting 1')
  const counts = { waiting: 3, approved: 1, denied: 1, over: 0 }
  for (const [state, count] of Object.entries(counts))
    expect(text).toContain(`taleus_requests_total{state="${state}"} ${count}`)
  expect(metricsFaults(text)).toEqual([])
})

test('the metrics are such as Prometheus reads, and keep the rules of its format', async () => {
  const { world, get } = await served()
  await world.redeemed(world.invite())
  const { text } = await get('/metrics')
  expect(metricsFaults(text)).toEqual([])
  expect(familiesIn(text).length).toBeGreaterThan(15)
  expect(familiesIn(text).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['taleus_tallies_synced', 'taleus_sync_exchanges_total']),
  )
})

test.skipIf(!hasPromtool)('promtool finds nothing to say about the metrics', async () => {
  const { world, get } = await served()
  await world.redeemed(world.invite())
  expect(saidByPromtool((await get('/metrics')).text)).toBe('')
})

test.each([
  [STATUS.health, 200, 200],
  [{ ready: false, problems: [{ code: 'disk_full', detail: '5' }], warnings: [] }, 503, 200],
  [{ ready: false, problems: [{ code: 'store_failed', detail: '' }], warnings: [] }, 503, 503],
])('health %j is ready %i and alive %i', async (health, ready, alive) => {
  const { get } = await served({ health })
  expect(await get('/readyz')).toMatchObject({ status: ready, text: `${JSON.stringify(health)}\n` })
  expect((await get('/healthz')).status).toBe(alive)
})

test.each([
  ['does not answer', () => new Promise<never>(() => undefined)],
  ['can’t be read', () => Promise.reject(new Error('away'))],
])('a store that %s is told of by /readyz, and the metrics go on', async (_, query) => {
  const problems = [{ code: 'store_unreachable', detail: 'away' }] as const
  const { world, get } = await served({ health: { ready: false, problems, warnings: [] } })
  Object.assign(world.alice.store, { query })
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    text: expect.stringContaining('store_unreachable'),
  })
  expect(await get('/metrics')).toMatchObject({ status: 200 })
})

test('with metrics off nobody hears of sessions, and the page says why it is not there', async () => {
  const { world, get } = await served({}, { metricsEnabled: false })
  for (const event of ['session', 'ended', 'strained'] as const)
    expect(world.alice.manager.listenerCount(event)).toBe(heardByTheWorld(event))
  const { status, text } = await get('/metrics')
  expect(status).toBe(404)
  expect(text).toContain('taleus config set metrics on')
  expect((await get('/healthz')).status).toBe(200)
  // Turned on, it is from the next start.
  world.alice.manager.apply({ metricsEnabled: true })
  expect((await get('/metrics')).status).toBe(404)
})

function heardByTheWorld(event: 'session' | 'ended' | 'strained'): number {
  return new World().alice.manager.listenerCount(event)
}

test('an audit that was found broken is told by metrics and by /readyz', async () => {
  const problems = [{ code: 'audit_broken', detail: 'the audit is broken at record 7' }]
  const { get } = await served({ health: { ready: false, problems, warnings: [] } })
  expect((await get('/metrics')).text).toContain('taleus_audit_broken 1\n')
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    text: expect.stringContaining('record 7'),
  })
})

test.each([
  ['192.0.2.1', 'address_unavailable'],
  ['nowhere.invalid', 'address_unavailable'],
])('a place that can’t be had, %s, is named', async (host, code) => {
  const path = mkdtempSync(join(tmpdir(), 'taleus-http-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const service = serviceOn(path, new World())
  await expect(service.start(host, 9_464)).rejects.toMatchObject({ code, address: `${host}:9464` })
})
