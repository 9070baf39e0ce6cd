type Order<Row> = (a: Row, b: Row) => number

/** Orders rows by numbers or texts, the first of which that differs decides: lowest first. */
export function by<Row>(...keys: ((row: Row) => string | number | boolean)[]): Order<Row> {
  return (a, b) => {
    for (const key of keys) {
      const [one, other] = [key(a), key(b)]
      if (one !== other) return one < other ? -1 : 1
    }
    return 0
  }
}

/** Returns the last row by such an order. */
export function lastBy<Row>(rows: readonly Row[], order: Order<Row>): Row | undefined {
  return rows.reduce<Row | undefined>(
    (last, row) => (last === undefined || order(last, row) < 0 ? row : last),
    undefined,
  )
}
