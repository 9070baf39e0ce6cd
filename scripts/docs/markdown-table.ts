/** Makes a markdown table. Cells are markdown; line breaks and bars in them are made harmless. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  const rule = `|${head.map(() => '---').join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|').trim()
}

export function code(text: string | number): string {
  return `\`${text}\``
}
