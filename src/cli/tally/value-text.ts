/** Characters of a value in one line: longer ones are cut, `--json` has them whole. */
const MAX_SHOWN = 120

/** Writes a value as JSON on one line. */
export function jsonValueText(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
