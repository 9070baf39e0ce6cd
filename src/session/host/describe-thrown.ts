/** Characters of an error message from elsewhere that are kept. */
const MAX_DETAIL = 200

/** Describes whatever was thrown in a short sentence, without credentials that URLs may carry. Never throws. */
export function describeThrown(error: unknown): string {
  return textOf(error)
    .replace(/\/\/[^\s/@]*@/g, '//…@')
    .slice(0, MAX_DETAIL)
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : typeof error
  } catch {
    return 'an error that can not be described'
  }
}
