/** Texts that are kept: there are fewer. */
const MAX_TEXTS = 1_000

const texts = new Map<string, string>()

/** Writes the values of a statement as PostgreSQL numbers them: `?1` as `$1`. */
export function postgresText(sql: string): string {
  const known = texts.get(sql)
  if (known !== undefined) return known
  if (texts.size >= MAX_TEXTS) texts.clear()
  const text = sql.replaceAll(/'(?:[^']|'')*'|\?(\d+)/g, (all, place?: string) =>
    place === undefined ? all : `$${place}`,
  )
  texts.set(sql, text)
  return text
}
