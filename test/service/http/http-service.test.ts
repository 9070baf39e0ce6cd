import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HttpService } from '../../../src/service/http/http-service.ts'
import type { ListenerStatus } from '../../../src/service/status/listener-status.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { STATUS } from '../../support/listener-status.ts'
import { World } from '../../support/session/world.ts'

function serviceOn(path: string, world: World, status: ListenerStatus = STATUS): HttpService {
  const { manager, store } = world.alice
  return new HttpService({
    directory: openDataDirectory(path),
    store,
    manager,
    status: () => status,
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
  const [tally] = world.alice.tallies
  for (const who of [world.alice, world.bob, stranger]) expect(text).not.toContain(who.peerId)
  expect(text).not.toContain(tally?.tallyId)
})

test('every line of the metrics is one that Prometheus reads, and no name comes twice', async () => {
  const { world, get } = await served()
  await world.redeemed(world.invite())
  const { text } = await get('/metrics')
  const names: string[] = []
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, name] = /^# TYPE (\w+) (?:counter|gauge|histogram)$/.exec(line) ?? []
    if (name !== undefined) names.push(name)
    else if (!line.startsWith('# HELP ')) {
      expect(line).toMatch(
        /^taleus_\w+(?:\{(?:\w+="[^"\\]*",?)+\})? (?:-?[\d.]+(?:e[+-]?\d+)?|Nan)$/i,
      )
    }
  }
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(15)
})

interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  /** The labels of its samples. */
  readonly labels: ReadonlySet<string>
}

function familiesIn(text: string): readonly Family[] {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)\n((?:(?!#).*\n?)*)/gm)].map(
    ([, name = '', help = '', type = '', samples = '']) => {
      const labels = [...samples.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)
      return { name, type, help, labels: new Set(labels) }
    },
  )
}

/** A unit that is not the base one, or a type in the name. */
const BAD_NAME =
  /_(?:ms|millis|seconds_\w+|minutes|hours|kb|mb|kib|mib|percent|gauge|counter|histogram)$/

test('the metrics keep the rules of their format: names, units, help, labels', async () => {
  const { world, get } = await served()
  await world.redeemed(world.invite())
  const families = familiesIn((await get('/metrics')).text)
  expect(families.length).toBeGreaterThan(15)
  for (const { name, type, help, labels } of families) {
    expect(name).toMatch(/^taleus(?:_[a-z0-9]+)+$/)
    expect(name).not.toMatch(BAD_NAME)
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
    expect(name).not.toMatch(/_(?:count|sum|bucket|info)$/)
    expect(help).toMatch(/^[A-Z0-9].*\.$/)
    if (type !== 'histogram') expect([...labels]).not.toContain('le')
    // Of a summary, and we have none.
    expect([...labels]).not.toContain('quantile')
    for (const label of labels) expect(label).toMatch(/^[a-z]+$/)
  }
})

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

test.skipIf(!hasPromtool)('promtool finds nothing to say about the metrics', async () => {
  const { world, get } = await served()
  await world.redeemed(world.invite())
  const input = (await get('/metrics')).text
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input })
  expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
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
