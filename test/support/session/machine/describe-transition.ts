/** Whatever a machine answers, as far as a table of answers tells it. */
export interface AnyTransition {
  readonly state: { readonly name: string }
  readonly changes: readonly { readonly type: string }[]
  readonly effects: readonly { readonly type: string }[]
}

/** One line: where it goes, what is stored, what is done. `–` if nothing comes of it. */
export function describeTransition(
  before: { readonly name: string },
  answer: AnyTransition,
): string {
  const { state, changes, effects } = answer
  if (isIgnored(before, answer)) return '–'
  return [
    state.name === before.name ? 'stays' : `→ ${state.name}`,
    ...changes.map(({ type }) => `+${type}`),
    ...effects.map(({ type }) => `!${type}`),
  ].join(' ')
}

export function isIgnored(before: object, { state, changes, effects }: AnyTransition): boolean {
  return state === before && changes.length + effects.length === 0
}
