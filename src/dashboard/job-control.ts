import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often it is looked whether the terminal is ours again, ms: `fg` sends no signal to what runs already. */
const LOOK_MS = 250

/** Leaves the terminal to others while the work goes on, then takes it back and draws everything anew. */
type Suspend = (work: () => Promise<void>) => Promise<void>

/**
 * Gives the terminal back before this process is stopped (SIGTSTP), and takes it again when it goes on in the
 * foreground; also after it was stopped without being asked (SIGSTOP). In the background it draws nothing.
 * @returns stops watching
 */
export function watchJobControl(suspend: Suspend): () => void {
  let isAway = false
  const away = (work: () => Promise<void>): void => {
    if (isAway) return
    isAway = true
    // A terminal that is gone has its own ending.
    const back = (): void => {
      isAway = false
    }
    work().then(back, back)
  }
  const onStop = (): void => away(() => suspend(stopped))
  const onContinue = (): void =>
    away(async () => {
      // To change the terminal from the background would stop us again.
      await untilInForeground()
      await suspend(() => Promise.resolve())
    })
  process.on('SIGTSTP', onStop)
  process.on('SIGCONT', onContinue)
  return () => {
    process.off('SIGTSTP', onStop)
    process.off('SIGCONT', onContinue)
  }
}

/** Stops all that the shell knows as one job. */
export function stopJob(): void {
  process.kill(0, 'SIGTSTP')
}

async function stopped(): Promise<void> {
  const goesOn = once(process, 'SIGCONT')
  process.kill(process.pid, 'SIGSTOP')
  await goesOn
  await untilInForeground()
}

async function untilInForeground(): Promise<void> {
  while (!isInForeground()) await sleep(LOOK_MS)
}

/** Whether the terminal listens to this process's group; taken for true where the system does not say. */
function isInForeground(): boolean {
  try {
    // The program's name, the second field, is in parentheses and may hold anything: proc_pid_stat(5).
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return group === foreground || foreground === '-1'
  } catch {
    return true
  }
}
