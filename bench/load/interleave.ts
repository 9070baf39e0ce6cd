import type { Load, Loadable, Measurement } from './load.ts'

/**
 * Measures contenders in turn, A B A B …, so that a machine that slows down slows down all of them.
 * @param rounds how often each is measured, after one round that warms up and does not count
 * @returns for each contender its rounds, in the order given
 */
export async function interleave(
  contenders: readonly Loadable[],
  load: Load,
  rounds: number,
): Promise<Measurement[][]> {
  const taken: Measurement[][] = contenders.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const measurement = await contender.measure(load)
      if (round > 0) taken[index]?.push(measurement)
    }
  }
  return taken
}

/** The value in the middle, or between the two that are. @throws RangeError if there is none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) {
    throw new RangeError('at least one round is needed')
  }
  return (lower + upper) / 2
}

/** The round with the rate in the middle. @throws RangeError if there is none */
export function medianRound(rounds: readonly Measurement[]): Measurement {
  const sorted = rounds.toSorted((a, b) => a.rate - b.rate)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('at least one round is needed')
  return middle
}
