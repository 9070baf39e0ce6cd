import type { Contender, Load, Measurement } from './load.ts'

/**
 * Measures contenders in turn, A B A B …, so that a machine that slows down slows down all of them.
 * @param rounds how often each is measured, after one round that warms up and does not count
 * @returns for each contender the round with the median rate, in the order given
 */
export async function interleave(
  contenders: readonly Contender[],
  load: Load,
  rounds: number,
): Promise<Measurement[]> {
  const taken: Measurement[][] = contenders.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const measurement = await contender.measure(load)
      if (round > 0) taken[index]?.push(measurement)
    }
  }
  return taken.map(medianByRate)
}

function medianByRate(measurements: readonly Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => a.rate - b.rate)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (!median) throw new RangeError('at least one round is needed')
  return median
}
