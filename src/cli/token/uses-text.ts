interface Counts {
  readonly uses: number | null
  readonly used: number
  readonly reserved: number
}

/** `3 of 10`, `12, unlimited`; and how many are about to be used. */
export function usesText({ uses, used, reserved }: Counts): string {
  const of = uses === null ? `${used}, unlimited` : `${used} of ${uses}`
  return reserved === 0 ? of : `${of} (${reserved} under way)`
}
