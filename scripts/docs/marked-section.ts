/**
 * Replaces the text of a page between its marks `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
 * @throws RangeError if the page has not both marks, once and in this order
 */
export function withSection(page: string, name: string, text: string): string {
  const begin = `<!-- generated: ${name} -->`
  const end = `<!-- end: ${name} -->`
  const [before, inside, ...more] = page.split(begin)
  const [, after, ...evenMore] = (inside ?? '').split(end)
  if (before === undefined || after === undefined || more.length + evenMore.length > 0) {
    throw new RangeError(`the page must have ${begin} and then ${end}, once each`)
  }
  return `${before}${begin}\n\n${text.trim()}\n\n${end}${after}`
}
