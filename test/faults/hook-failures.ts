/** Ways of a hook to go wrong. Whatever it returns, no schema knows it. */
export const WAYS: readonly (() => unknown)[] = [
  () => {
    throw new Error('thrown at once')
  },
  () => Promise.reject(new Error('rejected')),
  () => {
    // Hosts do that too.
    throw 'no Error at all' as unknown as Error
  },
  () => Promise.reject(undefined),
  () => new Promise(() => undefined),
  () => ({ tally: { tallyId: 7 } }),
  () => Number.NaN,
]
