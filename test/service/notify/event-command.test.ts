import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { EventFeed } from '../../../src/service/feed/event-feed.ts'
import type { FeedFact } from '../../../src/service/feed/event-feed-event.ts'
import { EventCommand } from '../../../src/service/notify/event-command.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }

/** How things stand begins with this. */
const READY = { type: 'ready', pid: 1, peerId: 'p', addresses: [] } as unknown as FeedFact

/** A feed, and a shell script that is started for its problems and audit records. */
async function commanded(script: string, snapshot: readonly FeedFact[] = []) {
  const directory = await temporaryDirectory()
  const feed = new EventFeed({ snapshot: () => [READY, ...snapshot], now: () => 0 })
  const reader = feed.follow()
  if (reader === undefined) throw new Error('no place')
  const problems: string[] = []
  const command = new EventCommand({
    words: ['sh', '-c', script, 'sh', directory],
    environment: { PATH: process.env['PATH'], PGPASSWORD: 'secret' },
    kinds: ['problem', 'alarm'],
    reader,
    lastRecord: 7,
    problem: (detail) => {
      problems.push(detail)
      feed.publish({ type: 'problem', detail })
    },
  })
  command.start()
  const told = (): readonly Record<string, unknown>[] => {
    const file = join(directory, 'told')
    if (!existsSync(file)) return []
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
  const problem = (detail: string) => feed.publish({ type: 'problem', detail })
  const alarm = (seq: number) =>
    feed.publish({
      type: 'audit',
      record: { v: 1, type: 'security', severity: 'alarm', seq, at: 0, data: {} } as never,
    })
  return { directory, feed, command, problems, told, problem, alarm }
}

const KEEP = 'cat >>"$1/told"'

it('each event of the kinds wanted is told in its order, with its kind', async () => {
  const { feed, command, told, problem } = await commanded(KEEP)
  for (let at = 0; at < 5; at += 1) problem(`problem ${at}`)
  feed.publish({ type: 'refused', peerId: 'p', code: 'busy' })
  feed.close()
  await command.stop(20_000)
  expect(told()).toEqual(
    [0, 1, 2, 3, 4].map((at) =>
      expect.objectContaining({
        kind: 'problem',
        type: 'problem',
        detail: `problem ${at}`,
        v: 1,
        at: '1970-01-01T00:00:00.000Z',
      }),
    ),
  )
  expect(command.figures).toEqual({ told: 5, failed: 0, dropped: 0, waiting: 0 })
})

it('how things stood before is no event, nor is a record of the audit that was there', async () => {
  const before: FeedFact = { type: 'problem', detail: 'old' }
  const { feed, command, told, alarm, problem } = await commanded(KEEP, [before])
  await vi.waitFor(() => expect(command.figures.waiting).toBe(0))
  for (const seq of [6, 7, 8, 8]) alarm(seq)
  problem('new')
  feed.close()
  await command.stop(20_000)
  expect(told().map(({ detail, record }) => detail ?? Object(record).seq)).toEqual([8, 'new'])
})

it('of more than may wait the rest is counted and told, and nobody is held up', async () => {
  const { directory, feed, command, problems, problem } = await commanded(
    'while [ ! -e "$1/go" ]; do sleep 0.02; done',
  )
  for (let at = 0; at < 3_000; at += 1) problem('x')
  await vi.waitFor(() => expect(command.figures.dropped).toBeGreaterThan(0), PATIENCE)
  const { dropped, waiting } = command.figures
  expect(dropped + waiting).toBe(3_000)
  expect(problems).toEqual([expect.stringContaining('dropped')])
  feed.close()
  await command.stop(10)
  expect(existsSync(join(directory, 'go'))).toBe(false)
  const { told, failed, dropped: all, waiting: left } = command.figures
  expect({ told, left, sum: failed + all }).toEqual({ told: 0, left: 0, sum: 3_000 })
})

it('a command that fails is told of as a problem that starts no command', async () => {
  const { feed, command, problems, problem } = await commanded('echo why >&2; exit 3')
  problem('one')
  await vi.waitFor(() => expect(command.figures.failed).toBe(1), PATIENCE)
  feed.close()
  await command.stop(20_000)
  expect(problems).toEqual(['on-event: it ended with exit code 3: why'])
  expect(command.figures).toEqual({ told: 0, failed: 1, dropped: 0, waiting: 0 })
})

it('at the end what waits is told, within the time there is', async () => {
  const { feed, command, told, problem } = await commanded(`sleep 0.05; ${KEEP}`)
  for (let at = 0; at < 5; at += 1) problem('x')
  feed.close()
  await command.stop(20_000)
  expect(told().length).toBe(5)
})

it('a feed that was too fast for the reader is counted as dropped, and what follows is told', async () => {
  const { feed, command, told, problem } = await commanded(KEEP)
  await vi.waitFor(() => expect(command.figures.waiting).toBe(0))
  // More than a reader holds, in one go.
  for (let at = 0; at < 5_000; at += 1) feed.publish({ type: 'refused', peerId: 'p', code: 'busy' })
  await vi.waitFor(() => expect(command.figures.dropped).toBe(5_000), PATIENCE)
  problem('after')
  feed.close()
  await command.stop(20_000)
  expect(told()).toMatchObject([{ detail: 'after' }])
})
