/** Flags that may stand alone: the value that they have then, and what a value looks like that follows. */
const BARE: ReadonlyMap<string, { readonly value: string; readonly follows: RegExp }> = new Map([
  // At the start only.
  ['--exit-if-unreachable', { value: '0s', follows: /^\d/ }],
  ['--upnp', { value: 'on', follows: /^(?:on|off)$/ }],
  ['--legacy', { value: 'on', follows: /^(?:on|off)$/ }],
])

/** Gives each flag that stands alone its value. */
export function withBareValues(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const bare = BARE.get(word)
    const isAlone = bare !== undefined && !bare.follows.test(words[at + 1] ?? '')
    return isAlone ? [word, bare.value] : [word]
  })
}
