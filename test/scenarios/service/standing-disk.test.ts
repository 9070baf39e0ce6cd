import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import type { ListenEvent } from '../../../src/service/feed/event-feed-event.ts'
import { issueInvitation } from '../../../src/service/invitations/issue-invitation.ts'
import { Listener } from '../../../src/service/listener/listener.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { DEADLINES, Invitee } from '../../faults/parties.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { readNow } from '../../support/store/read-now.ts'
import { StandingDisk } from '../../support/store/standing-disk.ts'

async function listening() {
  const directory = openDataDirectory(await temporaryDirectory())
  const disk = new StandingDisk(directory.storeFile)
  const store = openStore(directory.storeFile, { sync: disk })
  const hooks = createFileHooks({ store, eventFile: join(directory.path, 'events.jsonl') })
  const key = generatePrivateKeyBytes()
  const listener = new Listener({
    directory,
    store,
    hooks,
    key,
    config: { ...DEADLINES, maxConcurrentSessions: 2 },
    listen: ['/ip4/127.0.0.1/tcp/0'],
    announce: [],
    http: { host: '127.0.0.1', port: 0 },
    party: () => ({ identity: { name: 'Alice' }, cadre: [] }),
  })
  const { addresses, http } = await listener.start()
  const told: ListenEvent[] = []
  listener.watch((event) => told.push(event))
  const grant = { role: 'stock', uses: null, required: [], optional: [], terms: {} } as const
  const init = { peerId: peerIdOfKeyBytes(key), addresses, expiresAt: Date.now() + 3_600_000 }
  const { link } = await issueInvitation(store, grant, init)
  const page = async (path: string) => {
    const response = await fetch(`${http}${path}`)
    return { status: response.status, text: await response.text() }
  }
  return { listener, disk, store, told, page, link: decodeLink(link) }
}

async function invitee(): Promise<Invitee> {
  const made = await Invitee.create()
  onTestFinished(() => made.remove())
  return made
}

/** Looks until it is so; the test's own time limit ends it. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('while the disk does not answer a listener frees its places, and says so everywhere; then it serves again', async () => {
  const { listener, disk, store, told, page, link } = await listening()
  const [one, two] = [await invitee(), await invitee()]
  disk.stand()
  const first = await one.redeem(link, DEADLINES)
  expect(first.outcome).toMatchObject({ completed: false })
  await until(() => listener.manager.getActiveSessionCounts().total === 0)
  await until(async () => (await page('/readyz')).status === 503)
  expect(JSON.parse((await page('/readyz')).text)).toMatchObject({
    ready: false,
    problems: [{ code: 'store_stalled' }],
  })
  const metrics = (await page('/metrics')).text
  expect(metrics).toContain('\ntaleus_ready 0\n')
  expect(Number(/\ntaleus_oldest_commit_seconds (\S+)/.exec(metrics)?.[1])).toBeGreaterThan(0)
  expect(listener.status().sessionsInDoubt).toHaveLength(1)
  const problems = () => told.flatMap((event) => (event.type === 'problem' ? [event.detail] : []))
  await until(() => problems().some((detail) => detail.includes('has not answered for')))
  const meanwhile = await two.redeem(link, DEADLINES)
  expect(meanwhile.outcome).toMatchObject({ reason: 'busy' })
  disk.answer()
  await until(() => problems().some((detail) => detail.includes('answers again')))
  expect(listener.status()).toMatchObject({ health: { ready: true } })
  expect(listener.status().sessionsInDoubt).toBeUndefined()
  expect((await one.redeem(link, DEADLINES)).outcome).toMatchObject({ completed: true })
  expect((await two.redeem(link, DEADLINES)).outcome).toMatchObject({ completed: true })
  const audit = store.read(({ audit }) => audit.after(0))
  const events = audit.map(({ text }) => JSON.parse(text).data.event)
  expect(events).toContain('store.stalled')
  expect(events.indexOf('store.answers')).toBeGreaterThan(events.indexOf('store.stalled'))
  expect(await listener.stop(1_000)).toEqual({ cut: 0, parked: 0 })
  expect(await store.settle()).toBe(true)
  store.close()
})

test('newcomers are refused before they begin, though no session waits for the disk', async () => {
  const { listener, disk, store, told, link } = await listening()
  const bob = await invitee()
  disk.stand()
  const written = store.transact(() => metaRecords.set('test', 'waits'))
  const hasTold = (words: string) =>
    told.some((event) => event.type === 'problem' && event.detail.includes(words))
  await until(() => hasTold('has not answered for'))
  expect((await bob.redeem(link, DEADLINES)).outcome).toMatchObject({ reason: 'busy' })
  expect(listener.status().sessionsInDoubt).toBeUndefined()
  disk.answer()
  await written
  await until(() => hasTold('answers again'))
  expect((await bob.redeem(link, DEADLINES)).outcome).toMatchObject({ completed: true })
  await listener.stop(1_000)
  store.close()
})

test('a listener whose disk does not answer stops in its time, and names the sessions in doubt', async () => {
  const { listener, disk, store, link } = await listening()
  const bob = await invitee()
  disk.stand()
  const redeemed = bob.redeem(link, {
    ...DEADLINES,
    stepTimeoutMs: 20_000,
    sessionTimeoutMs: 20_000,
  })
  await until(() => readNow(store, () => sessionRecords.list({ limit: 1 })).length === 1)
  const stopped = await listener.stop(100)
  expect(stopped.inDoubt).toHaveLength(1)
  expect((await redeemed).outcome).toMatchObject({ completed: false })
  expect(await store.settle()).toBe(false)
  // Returns, though the disk does not.
  store.close()
})
