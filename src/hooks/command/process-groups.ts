/** The groups of programs under way, by the id of their first process. */
const running = new Set<number>()

/** From now on the group ends with this process at the latest, but for one that is killed without a word. */
export function holdGroup(id: number): void {
  if (running.size === 0) process.on('exit', endAll)
  running.add(id)
}

/** The group is over. */
export function releaseGroup(id: number | undefined): void {
  if (id === undefined || !running.delete(id)) return
  if (running.size === 0) process.off('exit', endAll)
}

/** Sends a signal to all processes of a group. One that is over gets none: its number may be another's by now. */
export function endGroup(id: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (id === undefined || !running.has(id)) return
  try {
    process.kill(-id, signal)
  } catch {
    // Nobody is left in it.
  }
}

function endAll(): void {
  for (const id of running) endGroup(id, 'SIGKILL')
}
