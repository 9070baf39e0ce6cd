import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Work } from '../../../src/session/ports/work.ts'
import { written } from '../../../src/session/ports/written.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

let path: string
let store: Store

beforeEach(async () => {
  path = join(await temporaryDirectory(), 'taleus.db')
  // Longer than any test: what waits is never done because it has waited long enough.
  store = openStore(path, { patienceMs: 3_600_000 })
})

afterEach(() => store.close())

const time = (at: number): Work => [{ op: 'rememberTime', at }]

describe('work on whose strength nobody acts', () => {
  it('waits for work that is urgent, goes before it, and shares its commit', async () => {
    const before = store.commits
    const waiting = [store.submit(time(1), 'soon'), store.submit(time(3), 'soon')]
    let isDone = false
    void waiting[0]?.outcome.then(() => {
      isDone = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isDone).toBe(false)
    await written(store, time(2))
    await Promise.all(waiting.flatMap(({ outcome, durable }) => [outcome, durable]))
    expect(store.commits).toBe(before + 1)
    expect(await store.lookups.time.highest()).toBe(3)
  })

  it('is done before anything is asked', async () => {
    const { outcome } = store.submit(time(7), 'soon')
    expect(await store.lookups.time.highest()).toBe(7)
    expect(await outcome).toMatchObject({ kind: 'applied' })
  })

  it('is done before a rehearsal, and before a command writes', async () => {
    store.submit(time(7), 'soon')
    await store.rehearse([])
    expect(store.repositories.time.highest()).toBe(7)
    store.submit(time(8), 'soon')
    await store.write(({ time: highest }) => expect(highest.highest()).toBe(8))
  })

  it.each(['close', 'settle'] as const)('is on the disk after %s', async (end) => {
    const { durable } = store.submit(time(7), 'soon')
    await store[end]()
    await durable
    const other = openStore(path)
    expect(other.repositories.time.highest()).toBe(7)
    other.close()
  })

  it('is told what has failed', async () => {
    const fault: Work = [{ op: 'oweRemoval', order: undefined as never, now: 1 }]
    const { outcome, durable } = store.submit(fault, 'soon')
    const others = store.submit(time(5), 'soon')
    await written(store, [])
    await expect(outcome).rejects.toThrow(TypeError)
    await expect(durable).rejects.toThrow(TypeError)
    expect(await others.outcome).toMatchObject({ kind: 'applied' })
  })
})
