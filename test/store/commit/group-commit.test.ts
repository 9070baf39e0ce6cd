import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { recorded } from '../../../src/session/ports/written.ts'
import { LOOP_PACE } from '../../../src/store/commit/commit-pace.ts'
import { StoreError, StoreFullError } from '../../../src/store/errors.ts'
import { openDatabase } from '../../../src/store/file/database.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openStore, Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { auditDraft, issue, summaryOf, tokenToIssue } from '../fixtures.ts'

let path: string

const declined = {
  op: 'decline',
  tokenId: 't',
  now: 1,
  facts: { sessionId: 's', peerId: 'bob', at: 1, monotonic: 1 },
} as const

beforeEach(async () => {
  path = join(await temporaryDirectory(), 'taleus.db')
})

/** A store whose connection the test can reach too. */
function openWithHandle(): { readonly store: Store; readonly handle: DatabaseSync } {
  const handle = openDatabase(path, 100)
  return { store: new Store(path, handle, new Repositories(handle)), handle }
}

/** The ids of the tokens that another process finds in the file. */
function tokensInFile(): readonly string[] {
  const reader = new DatabaseSync(path, { readOnly: true })
  try {
    return reader
      .prepare('SELECT id FROM tokens ORDER BY id')
      .all()
      .map(({ id }) => String(id))
  } finally {
    reader.close()
  }
}

describe('one commit', () => {
  it('serves everybody who comes in the same turn of the loop', async () => {
    const store = openStore(path)
    const before = store.commits
    const all = Array.from({ length: 100 }, (_, index) => issue(store, `t${index}`, 1))
    expect(tokensInFile()).toEqual([])
    await Promise.all(all)
    expect(store.commits).toBe(before + 1)
    expect(tokensInFile()).toHaveLength(100)
    store.close()
  })

  it('serves those too who come while it gathers', async () => {
    // However slow the machine: the time to gather is not over.
    const store = openStore(path, { pace: { ...LOOP_PACE, monotonic: () => 0 } })
    const before = store.commits
    const first = issue(store, 'first', 1)
    const second = new Promise<void>((resolve, reject) => {
      setImmediate(() => issue(store, 'second', 1).then(resolve, reject))
    })
    await Promise.all([first, issue(store, 'also first', 1), second])
    expect(store.commits).toBe(before + 1)
    store.close()
  })

  it('comes soon however many keep coming', async () => {
    const store = openStore(path)
    let more = true
    const keepComing = (index: number): void => {
      if (!more) return
      void issue(store, `more-${index}`, 1)
      setImmediate(() => keepComing(index + 1))
    }
    const first = issue(store, 'first', 1)
    keepComing(0)
    await first
    more = false
    expect(store.commits).toBeGreaterThan(0)
    store.close()
  })

  it('has happened when the store is closed', async () => {
    const store = openStore(path)
    store.submit([declined])
    store.close()
    store.close()
    const again = openStore(path)
    expect(await again.lookups.tokens.hasDeclined('t', 'bob')).toBe(true)
    again.close()
  })
})

describe('work that throws', () => {
  it('undoes only itself, and its error goes to its caller', async () => {
    const store = openStore(path)
    const before = store.commits
    const first = issue(store, 'first', 1)
    const failure = new Error('no')
    const failed = store.write(({ audit, declines }) => {
      audit.append(auditDraft('lost', 'undone'))
      declines.insert('t', 'bob', undefined, 1)
      throw failure
    })
    await expect(failed).rejects.toBe(failure)
    const last = issue(store, 'last', 1)
    await Promise.all([first, last])
    expect(store.commits).toBe(before + 1)
    expect(tokensInFile()).toEqual(['first', 'last'])
    expect(store.repositories.declines.has('t', 'bob')).toBe(false)
    store.close()
  })

  it('leaves the audit chain whole, and no session with records of another', async () => {
    const store = openStore(path)
    const append = (session: string, event: string) =>
      store.submit([{ op: 'appendAudit', draft: auditDraft(session, event) }])
    append('one', 'first')
    const failed = store.write(({ audit }) => {
      audit.append(auditDraft('two', 'undone'))
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    append('three', 'first')
    append('two', 'first')
    append('one', 'second')
    await append('two', 'second').durable
    expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true, records: 5 })
    const events = (session: string) =>
      store.repositories.audit.ofSession(session).map(({ text }) => JSON.parse(text).data.event)
    expect([events('one'), events('two'), events('three')]).toEqual([
      ['first', 'second'],
      ['first', 'second'],
      ['first'],
    ])
    store.close()
  })

  it('can be the only one of its batch', async () => {
    const store = openStore(path)
    const failed = store.write(() => {
      throw new Error('alone')
    })
    await expect(failed).rejects.toThrow('alone')
    await issue(store, 'next', 1)
    expect(tokensInFile()).toEqual(['next'])
    store.close()
  })

  it('because SQLite refuses it is a StoreError', async () => {
    const store = openStore(path)
    await issue(store, 'same', 1)
    await expect(issue(store, 'same', 1)).rejects.toThrow(StoreError)
    const summary = { ...summaryOf('s'), side: 'neither' as never }
    const { outcome } = store.submit([{ op: 'saveSession', summary, isNew: true, entries: [] }])
    await expect(outcome).rejects.toThrow(StoreError)
    store.close()
  })
})

describe('a write for which there is no room', () => {
  it('is told as such, takes its whole batch along, and the next one works when there is room', async () => {
    const { store, handle } = openWithHandle()
    await issue(store, 'kept', 1)
    const pages = Number(handle.prepare('PRAGMA page_count').get()?.['page_count'])
    handle.exec(`PRAGMA max_page_count = ${pages}`)
    const append = () =>
      store.submit([{ op: 'appendAudit', draft: auditDraft('one', 'x'.repeat(30_000)) }])
    // Whatever the pages that are there still hold.
    const error = await Promise.resolve()
      .then(async () => {
        for (let n = 0; n < 100; n += 1) await append().durable
      })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreFullError)
    expect(error).toMatchObject({ code: 'disk_full', cause: { errcode: 13 } })
    const lost = issue(store, 'lost', 1)
    await expect(append().durable).rejects.toBeInstanceOf(StoreFullError)
    await expect(lost).rejects.toBeInstanceOf(StoreFullError)
    expect(handle.isTransaction).toBe(false)
    handle.exec('PRAGMA max_page_count = 100000')
    await append().durable
    await issue(store, 'next', 1)
    expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true })
    store.close()
    expect(tokensInFile()).toEqual(['kept', 'next'])
  })
})

describe('a commit that fails', () => {
  it('is told to everybody in it, leaves no lock, and the next one works', async () => {
    const { store, handle } = openWithHandle()
    const first = issue(store, 'lost', 1)
    const durable = store.write(() => {
      // A reference that is only looked at when the transaction ends, and leads nowhere.
      handle.exec('PRAGMA defer_foreign_keys = ON')
      handle.exec('INSERT INTO answers (redemption) VALUES (999)')
    })
    const results = await Promise.allSettled([first, durable])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(durable).rejects.toBeInstanceOf(StoreError)
    expect(handle.isTransaction).toBe(false)

    const other = openStore(path, { busyTimeoutMs: 0 })
    await issue(other, 'from another', 1)
    other.close()
    await issue(store, 'next', 1)
    expect((await store.query(() => tokenRecords.list())).map(({ id }) => id)).toEqual([
      'from another',
      'next',
    ])
    store.close()
    expect(tokensInFile()).toEqual(['from another', 'next'])
  })

  it('is nobody’s unhandled rejection', async () => {
    const { store, handle } = openWithHandle()
    store.submit([declined])
    handle.exec('PRAGMA defer_foreign_keys = ON')
    handle.exec('INSERT INTO answers (redemption) VALUES (999)')
    await new Promise((resolve) => setTimeout(resolve, 20))
    store.close()
    expect(tokensInFile()).toEqual([])
  })

  it('takes the audit back too: the next record has the number of the lost one', async () => {
    const { store, handle } = openWithHandle()
    await recorded(store, auditDraft('kept', 'one'))
    const durable = store.write(({ audit }) => {
      audit.append(auditDraft('lost', 'two'))
      handle.exec('PRAGMA defer_foreign_keys = ON')
      handle.exec('INSERT INTO answers (redemption) VALUES (999)')
    })
    await expect(durable).rejects.toBeInstanceOf(StoreError)
    await recorded(store, auditDraft('lost', 'two again'))
    expect(verifyRows(store.repositories.audit.rows())).toMatchObject({ ok: true, records: 2 })
    expect(store.repositories.audit.ofSession('lost')).toHaveLength(1)
    store.close()
  })
})

describe('a file that may not grow', () => {
  it('fails the work that needs room as a StoreError, and what it lost is told', async () => {
    const { store, handle } = openWithHandle()
    await issue(store, 'kept', 1)
    const pages = Number(handle.prepare('PRAGMA page_count').get()?.['page_count'])
    handle.exec(`PRAGMA max_page_count = ${pages}`)
    const told = await fill(store)
    expect(told.failures.length).toBeGreaterThan(0)
    for (const failure of told.failures) expect(failure).toBeInstanceOf(StoreError)
    expect(handle.isTransaction).toBe(false)
    handle.exec('PRAGMA max_page_count = 100000')
    await issue(store, 'zz-next', 1)
    store.close()
    expect(tokensInFile()).toEqual(['kept', ...told.durable, 'zz-next'].sort())
  })
})

/** Issues tokens, ten a batch, until some fail. */
async function fill(store: Store) {
  const durable: string[] = []
  const failures: unknown[] = []
  for (let batch = 0; failures.length === 0; batch += 1) {
    const ids = Array.from({ length: 10 }, (_, index) => `t-${batch}-${index}`)
    const results = await Promise.allSettled(
      ids.map((id) =>
        store.transact(() =>
          tokenRecords.issue({ ...tokenToIssue(id, 1), label: 'x'.repeat(1_000) }),
        ),
      ),
    )
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') failures.push(result.reason)
      else durable.push(ids[index] ?? '')
    }
  }
  return { durable, failures }
}

describe('a lock that another process holds', () => {
  it('past the time to wait is a StoreError, at once and without a trace', async () => {
    const store = openStore(path, { busyTimeoutMs: 30 })
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.submit([declined]).outcome).rejects.toBeInstanceOf(StoreError)
    await expect(issue(store, 'lost', 1)).rejects.toBeInstanceOf(StoreError)
    other.exec('COMMIT')
    other.close()
    await turnOfLoop()
    await issue(store, 'next', 1)
    expect(tokensInFile()).toEqual(['next'])
    store.close()
  })
})

describe('many who come while another process holds the lock', () => {
  it('wait for it once, together, and once more in another turn', async () => {
    const handle = openDatabase(path, 10)
    let begins = 0
    const prepare = handle.prepare.bind(handle)
    handle.prepare = (sql) => {
      const statement = prepare(sql)
      if (sql !== 'BEGIN IMMEDIATE') return statement
      const run = statement.run.bind(statement)
      statement.run = () => {
        begins += 1
        return run()
      }
      return statement
    }
    const store = new Store(path, handle, new Repositories(handle))
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    for (const turn of [1, 2]) {
      const all = Array.from({ length: 20 }, () => store.submit([declined]).outcome)
      const failed = await Promise.allSettled(all)
      expect(failed.every(({ status }) => status === 'rejected')).toBe(true)
      expect(begins).toBe(turn)
      await turnOfLoop()
    }
    other.close()
    await issue(store, 'next', 1)
    store.close()
    expect(tokensInFile()).toEqual(['next'])
  })
})

describe('a store that settles', () => {
  it('waits for what was begun last, too, while an earlier commit is on its way', async () => {
    const underWay: (() => void)[] = []
    const nothing = (): void => undefined
    const sync = { begin: (done: () => void) => underWay.push(done), now: nothing, close: nothing }
    const store = openStore(path, { sync })
    let arrived = 0
    const arrive = async (): Promise<void> => {
      await expect.poll(() => underWay.length).toBe(1)
      arrived += 1
      underWay.shift()?.()
    }
    const first = issue(store, 'first', 1)
    await expect.poll(() => underWay.length).toBe(1)
    const second = issue(store, 'second', 1)
    const seen = store.settle().then((isSettled) => ({ isSettled, arrived }))
    await arrive()
    await arrive()
    expect(await seen).toEqual({ isSettled: true, arrived: 2 })
    await Promise.all([first, second])
    store.close()
  })
})

describe('a closed store', () => {
  it('says so', async () => {
    const store = openStore(path)
    store.close()
    await expect(issue(store, 'late', 1)).rejects.toThrow(/is closed/)
    await expect(store.submit([]).outcome).rejects.toThrow(StoreError)
    await expect(store.lookups.time.highest()).rejects.toThrow(StoreError)
    await expect(store.query(() => tokenRecords.list())).rejects.toThrow(StoreError)
  })
})
