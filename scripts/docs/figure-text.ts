import type { Results } from '../../bench/report/results.ts'

/** Says where and when a run of the bench was made, and by which versions. */
export function runText({
  machine,
  versions,
  date,
}: Pick<Results, 'machine' | 'versions' | 'date'>): string {
  const { cpu, cores, memoryGiB, platform, loadBefore } = machine
  const where = `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}; load ${loadBefore} before the run`
  const what = `Node ${versions.node}, SQLite ${versions.sqlite}, libp2p ${versions.libp2p}; ${date.slice(0, 10)}`
  return `${where}. ${what}.`
}

/** Follows the goal's words. */
export function verdictText(met: boolean | null, problem: string | undefined): string {
  if (problem !== undefined) return `: **invalid**, ${problem}`
  if (met === null) return ''
  return met ? ': met' : ': **missed**'
}

export function figureText(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 })
}
