import type { Changes } from './changes.ts'

/** A row before and after some pieces of work; undefined: there was none, or there is none any more. */
export interface RowChange<Row> {
  readonly before: Row | undefined
  readonly after: Row | undefined
}

/** Rows by their id. A row is a plain value that is replaced, and never changed. */
export class Table<Row> {
  readonly #changes: Changes
  readonly #idOf: (row: Row) => string
  readonly #rows = new Map<string, Row>()
  /** The rows that were replaced, as they were before. */
  #before: Map<string, Row | undefined> | undefined
  readonly #indices: Index<Row>[] = []

  constructor(changes: Changes, idOf: (row: Row) => string) {
    this.#changes = changes
    this.#idOf = idOf
  }

  /** Makes an index. @param keyOf a row for which it returns undefined is not in there */
  index(keyOf: (row: Row) => string | undefined): Index<Row> {
    const index = new Index(keyOf)
    this.#indices.push(index)
    return index
  }

  /** Takes over rows that are kept elsewhere: those that are not here yet. From then on `changed` tells what to write there. */
  load(rows: readonly Row[]): void {
    this.#before ??= new Map()
    for (const row of rows) {
      const id = this.#idOf(row)
      if (!this.#rows.has(id)) this.#set(id, row)
    }
  }

  /** Takes over rows that are kept elsewhere, in place of those that are here. */
  reload(rows: readonly Row[]): void {
    for (const row of rows) this.#set(this.#idOf(row), row)
  }

  /** Returns what has become of rows since they were loaded, and the new ones; not what was taken back. */
  changed(): readonly RowChange<Row>[] {
    const all = [...(this.#before ?? [])].map(([id, before]) => ({ before, after: this.get(id) }))
    return all.filter(({ before, after }) => before !== after)
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  /** Returns all rows, in no particular order. */
  all(): readonly Row[] {
    return [...this.#rows.values()]
  }

  put(row: Row): void {
    this.#replace(this.#idOf(row), row)
  }

  /** Stores a row, unless there is one with that id. */
  add(row: Row): boolean {
    const isNew = this.#rows.get(this.#idOf(row)) === undefined
    if (isNew) this.put(row)
    return isNew
  }

  /**
   * Changes a row, if there is one that meets the condition.
   * @returns the row as it was before; undefined if nothing was changed
   */
  update(
    id: string,
    isMet: (row: Row) => boolean,
    changed: (row: Row) => Partial<Row>,
  ): Row | undefined {
    const row = this.#rows.get(id)
    if (row === undefined || !isMet(row)) return undefined
    this.put({ ...row, ...changed(row) })
    return row
  }

  /** Deletes a row, and returns it. */
  delete(id: string): Row | undefined {
    const row = this.#rows.get(id)
    if (row !== undefined) this.#replace(id, undefined)
    return row
  }

  /** Deletes a row that was found. */
  remove(row: Row): void {
    this.delete(this.#idOf(row))
  }

  #replace(id: string, row: Row | undefined): void {
    const before = this.#rows.get(id)
    if (this.#before?.has(id) === false) this.#before.set(id, before)
    this.#changes.made(() => this.#set(id, before))
    this.#set(id, row)
  }

  #set(id: string, row: Row | undefined): void {
    const before = this.#rows.get(id)
    if (row === undefined) this.#rows.delete(id)
    else this.#rows.set(id, row)
    for (const index of this.#indices) index.replace(id, before, row)
  }
}

/** Rows of a table by something that several of them have in common. */
export class Index<Row> {
  readonly #keyOf: (row: Row) => string | undefined
  readonly #groups = new Map<string, Map<string, Row>>()
  /** The number of rows with a key that are kept elsewhere. */
  readonly #elsewhere = new Map<string, number>()

  constructor(keyOf: (row: Row) => string | undefined) {
    this.#keyOf = keyOf
  }

  /** Returns the rows with that key that are here, in no particular order. */
  rows(key: string): readonly Row[] {
    return [...(this.#groups.get(key)?.values() ?? [])]
  }

  count(key: string): number {
    return (this.#groups.get(key)?.size ?? 0) + (this.#elsewhere.get(key) ?? 0)
  }

  /** Notes how many rows have that key as of now, most of which are kept elsewhere. */
  setCount(key: string, count: number): void {
    this.#elsewhere.set(key, count - (this.#groups.get(key)?.size ?? 0))
  }

  /** Called by the table at each change. */
  replace(id: string, before: Row | undefined, after: Row | undefined): void {
    const [from, to] = [before && this.#keyOf(before), after && this.#keyOf(after)]
    if (from !== undefined && from !== to) this.#drop(from, id)
    if (to === undefined || after === undefined) return
    const group = this.#groups.get(to) ?? new Map<string, Row>()
    this.#groups.set(to, group.set(id, after))
  }

  #drop(key: string, id: string): void {
    const group = this.#groups.get(key)
    group?.delete(id)
    if (group?.size === 0) this.#groups.delete(key)
  }
}
