/**
 * The beginning of a cell that a spreadsheet would take for a formula, or that would leave its cell; some programs take
 * the wide forms for the narrow ones. The apostrophe is among them, so that each cell has one way back.
 */
const NOT_AT_THE_BEGINNING = /^[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]/

/**
 * Writes one line of CSV as in RFC 4180: every cell in quotes, CRLF at its end. A cell that would begin like a formula
 * begins with an apostrophe, which is how spreadsheets write "this is text".
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(text: string): string {
  const safe = NOT_AT_THE_BEGINNING.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
