import { spawnSync } from 'node:child_process'

const KIB_IN_MIB = 1_024

/** Asks the system for the resident memory of a process, MiB. */
export function residentMib(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })
  const kib = Number(stdout.trim())
  if (!(kib > 0)) throw new Error(`process ${pid} has ended`)
  return kib / KIB_IN_MIB
}
