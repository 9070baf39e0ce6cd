import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import type { NoteSigner } from '../../../src/audit/checkpoint/note-key.ts'
import { chainHash, EMPTY_CHAIN, leafHash } from '../../../src/audit/record/chain.ts'
import { TreeGrower } from '../../../src/audit/tree/tree-grower.ts'
import type { TrailRow } from '../../../src/audit/verify/trail-source.ts'
import { insertRows } from './real-log.ts'

/** A choice of numbers 0 to below - 1, the same for the same seed. */
export type Choose = (below: number) => number

export interface Scene {
  readonly database: DatabaseSync
  readonly rows: readonly TrailRow[]
  /** Another log, as long. */
  readonly others: readonly TrailRow[]
  readonly signer: NoteSigner
  readonly choose: Choose
}

/** Changes a log, and says which record is the first that is not as it was. */
export type Tampering = (scene: Scene) => number

/** Every way to tamper that needs no key and leaves what was signed as it is, and then those that go further. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'edit: a letter': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    const at = choose(row.text.length)
    const letter = String.fromCharCode(0x21 + choose(0x5d))
    const old = row.text.charAt(at)
    const text =
      row.text.slice(0, at) + (letter === old ? '~'.repeat(2) : letter) + row.text.slice(at + 1)
    return setText(database, row.seq, text)
  },
  'edit: a field, in canonical form': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    return setText(database, row.seq, edited(row, choose))
  },
  'edit: a bit of a hash': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    const bit = choose(256)
    const hash = row.hash.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    database.prepare('UPDATE audit SET hash = ? WHERE seq = ?').run(hash, row.seq)
    return row.seq
  },
  'edit: a field and its hash': ({ database, rows, choose }) => {
    const at = choose(rows.length)
    const row = rowAt(rows, at)
    const text = edited(row, choose)
    const before = rows[at - 1]?.hash ?? EMPTY_CHAIN.hash
    setText(database, row.seq, text)
    const hash = chainHash(before, leafHash(text))
    database.prepare('UPDATE audit SET hash = ? WHERE seq = ?').run(hash, row.seq)
    return row.seq
  },
  'deletion: some records': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    const count = 1 + choose(3)
    database.prepare('DELETE FROM audit WHERE seq >= ? AND seq < ?').run(row.seq, row.seq + count)
    return row.seq
  },
  'deletion: and the rest moved up': ({ database, rows, choose }) => {
    const at = choose(rows.length - 1)
    replaceAll(database, renumbered(rows.toSpliced(at, 1)))
    return at + 1
  },
  'deletion: and the rest moved up, texts and all': ({ database, rows, choose }) => {
    const at = choose(rows.length - 1)
    replaceAll(database, renumbered(rows.toSpliced(at, 1)).map(withOwnNumber))
    return at + 1
  },
  'deletion: and the rest chained anew': ({ database, rows, choose }) => {
    const at = choose(rows.length - 1)
    replaceAll(database, chained(renumbered(rows.toSpliced(at, 1)).map(withOwnNumber)))
    return at + 1
  },
  'reordering: two records': ({ database, rows, choose }) => {
    const [at, by] = [choose(rows.length - 20), 1 + choose(19)]
    const [a, b] = [rowAt(rows, at), rowAt(rows, at + by)]
    replaceAll(database, renumbered(rows.with(at, b).with(at + by, a)))
    return at + 1
  },
  'reordering: two records, chained anew': ({ database, rows, choose }) => {
    const [at, by] = [choose(rows.length - 20), 1 + choose(19)]
    const [a, b] = [rowAt(rows, at), rowAt(rows, at + by)]
    const moved = renumbered(rows.with(at, b).with(at + by, a)).map(withOwnNumber)
    replaceAll(database, chained(moved))
    return at + 1
  },
  'splice: a piece of another log': ({ database, rows, others, choose }) => {
    const [at, count] = [choose(rows.length - 5), 1 + choose(5)]
    replaceAll(database, rows.toSpliced(at, count, ...others.slice(at, at + count)))
    return at + 1
  },
  'splice: all from here on, of another log': ({ database, rows, others, choose }) => {
    const at = choose(rows.length)
    replaceAll(database, [...rows.slice(0, at), ...others.slice(at)])
    return at + 1
  },
  'duplicate: a record twice': ({ database, rows, choose }) => {
    const at = choose(rows.length)
    const from = choose(at + 1)
    replaceAll(database, renumbered(rows.toSpliced(at + 1, 0, rowAt(rows, from))))
    return at + 2
  },
  'duplicate: and chained anew': ({ database, rows, choose }) => {
    const at = choose(rows.length - 1)
    const doubled = rows.toSpliced(at + 1, 0, rowAt(rows, choose(at + 1)))
    replaceAll(database, chained(renumbered(doubled).map(withOwnNumber)))
    return at + 2
  },
  'renumbering: one row': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    const seq = choose(2) === 0 ? rows.length + 1 + choose(1_000) : -choose(5)
    database.prepare('UPDATE audit SET seq = ? WHERE seq = ?').run(seq, row.seq)
    return seq < row.seq ? 1 : row.seq
  },
  'renumbering: all rows': ({ database, rows, choose }) => {
    const by = 1 + choose(10)
    replaceAll(
      database,
      rows.map((row) => ({ ...row, seq: row.seq + by })),
    )
    return 1
  },
  'foreign key: a checkpoint of somebody else’s': ({ database, signer }) => {
    const [first] = database.prepare('SELECT size, note FROM audit_checkpoints').all()
    const mallory: NoteSigner = { ...signer, sign: () => new Uint8Array(64).fill(3) }
    const root = Buffer.alloc(32)
    const note = signCheckpoint({ size: Number(first?.['size']), root }, mallory)
    database
      .prepare('UPDATE audit_checkpoints SET note = ? WHERE size = ?')
      .run(note, Number(first?.['size']))
    return Number(first?.['size'])
  },
  'hidden: the index names another session': ({ database, rows, choose }) => {
    const row = pickWhere(rows, choose, ({ sessionId }) => sessionId !== null)
    const name = choose(2) === 0 ? null : 'elsewhere'
    database.prepare('UPDATE audit SET session_id = ? WHERE seq = ?').run(name, row.seq)
    return row.seq
  },
  'hidden: the thread leads elsewhere': ({ database, rows, choose }) => {
    const row = pickWhere(rows, choose, ({ thread }) => thread !== null)
    const thread = choose(2) === 0 ? null : (row.thread ?? 0) - 1
    database.prepare('UPDATE audit SET thread = ? WHERE seq = ?').run(thread, row.seq)
    return row.seq
  },
  'hidden: the index leads to another invitation or peer': ({ database, rows, choose }) => {
    const index = choose(2) === 0 ? 'audit_token' : 'audit_peer'
    const row = pickWhere(rows, choose, ({ thread }) => thread === null)
    setText(database, row.seq, '{"tokenId":"elsewhere","peerId":"elsewhere"}')
    behindIndex(database, index, () => setText(database, row.seq, row.text))
    return row.seq
  },
  'tail cut': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    database.prepare('DELETE FROM audit WHERE seq >= ?').run(row.seq)
    return row.seq
  },
  'tail cut, and what was signed of it': ({ database, rows, choose }) => {
    const row = pick(rows, choose)
    rollBack(database, row.seq - 1)
    return row.seq
  },
  'roll-back, and on from there': ({ database, rows, others, choose }) => {
    const at = choose(rows.length - 1)
    rollBack(database, at)
    const after = others.slice(at).map((row) => ({ ...row, sessionId: null, thread: null }))
    const lone = after.map(withoutSession)
    replaceAll(database, chained([...rows.slice(0, at), ...lone]))
    return at + 1
  },
  'rewritten by who has the key': ({ database, rows, choose, signer }) => {
    const at = choose(rows.length)
    const row = rowAt(rows, at)
    const changed = chained(rows.with(at, { ...row, text: edited(row, choose) }))
    replaceAll(database, changed)
    signAnew(database, changed, signer)
    return row.seq
  },
  'the tree: a node of it': ({ database, choose }) => {
    const nodes = database.prepare('SELECT level, n FROM audit_tree ORDER BY level, n').all()
    const node = nodes[choose(nodes.length)]
    const [level, n] = [Number(node?.['level']), Number(node?.['n'])]
    database
      .prepare('UPDATE audit_tree SET hash = zeroblob(32) WHERE level = ? AND n = ?')
      .run(level, n)
    return n * 256 ** level + 1
  },
}

/** Which of them only who has the key, or who deletes what was signed too, can do: H2, for which a later checkpoint is needed. */
export function needsOutside(name: string): boolean {
  return /tail cut, and|roll-back|who has the key/.test(name)
}

function rollBack(database: DatabaseSync, size: number): void {
  database.prepare('DELETE FROM audit WHERE seq > ?').run(size)
  database.prepare('DELETE FROM audit_checkpoints WHERE size > ?').run(size)
  database.prepare('DELETE FROM audit_tree WHERE (n + 1) * 256 > ?').run(size)
}

function signAnew(database: DatabaseSync, rows: readonly TrailRow[], signer: NoteSigner): void {
  const sizes = new Set(
    database
      .prepare('SELECT size FROM audit_checkpoints')
      .all()
      .map((row) => Number(row['size'])),
  )
  const put = database.prepare('UPDATE audit_tree SET hash = ? WHERE level = ? AND n = ?')
  const grower = new TreeGrower(({ level, n, hash }) => put.run(hash, level, n))
  const sign = database.prepare('UPDATE audit_checkpoints SET note = ? WHERE size = ?')
  for (const { seq, text } of rows) {
    grower.append(leafHash(text))
    if (sizes.has(seq)) sign.run(signCheckpoint({ size: seq, root: grower.root() }, signer), seq)
  }
}

function edited({ text }: TrailRow, choose: Choose): string {
  const record = JSON.parse(text)
  const changes = [
    text.replace(/"at":\d+/, `"at":${record.at + 1 + choose(1_000)}`),
    text.replace(/"monotonic":[\d.e+-]+/, `"monotonic":${record.monotonic + 1.5}`),
    text.replace(
      `"severity":"${record.severity}"`,
      `"severity":"${record.severity === 'info' ? 'notice' : 'info'}"`,
    ),
    text.replace('"data":{', '"data":{"a":1,'),
    text.replace(/"peerId":"12D3/, '"peerId":"12D4'),
  ].filter((each) => each !== text)
  return changes[choose(changes.length)] ?? text
}

/** Works while the index is not looking: afterwards it has what it had. */
function behindIndex(database: DatabaseSync, index: string, work: () => void): void {
  database.enableDefensive(false)
  database.exec('PRAGMA writable_schema = ON')
  const kept = database.prepare('SELECT * FROM sqlite_schema WHERE name = ?').get(index) ?? {}
  const schema = (sql: string, ...values: SQLInputValue[]): void => {
    database.prepare(sql).run(...values)
    database.exec('PRAGMA writable_schema = RESET; PRAGMA writable_schema = ON')
  }
  schema('DELETE FROM sqlite_schema WHERE name = ?', index)
  work()
  const columns = ['type', 'name', 'tbl_name', 'rootpage', 'sql'].map((name) => kept[name] ?? null)
  schema('INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)', ...columns)
  database.exec('PRAGMA writable_schema = OFF')
  database.enableDefensive(true)
}

function setText(database: DatabaseSync, seq: number, text: string): number {
  database.prepare('UPDATE audit SET record = ? WHERE seq = ?').run(text, seq)
  return seq
}

function replaceAll(database: DatabaseSync, rows: readonly TrailRow[]): void {
  database.exec('DELETE FROM audit')
  insertRows(database, rows)
}

function renumbered(rows: readonly TrailRow[]): TrailRow[] {
  return rows.map((row, at) => ({ ...row, seq: at + 1 }))
}

function withOwnNumber(row: TrailRow): TrailRow {
  return { ...row, text: row.text.replace(/"seq":\d+/, `"seq":${row.seq}`) }
}

function withoutSession(row: TrailRow): TrailRow {
  return { ...row, text: row.text.replace(/,"sessionId":"[^"]*"/, '') }
}

function chained(rows: readonly TrailRow[]): TrailRow[] {
  let hash = EMPTY_CHAIN.hash
  return rows.map((row) => {
    hash = chainHash(hash, leafHash(row.text))
    return { ...row, hash }
  })
}

function pick(rows: readonly TrailRow[], choose: Choose): TrailRow {
  return rowAt(rows, choose(rows.length))
}

function pickWhere(
  rows: readonly TrailRow[],
  choose: Choose,
  fits: (row: TrailRow) => boolean,
): TrailRow {
  return pick(rows.filter(fits), choose)
}

function rowAt(rows: readonly TrailRow[], at: number): TrailRow {
  const row = rows[at]
  if (row === undefined) throw new RangeError(`no row ${at}`)
  return row
}
