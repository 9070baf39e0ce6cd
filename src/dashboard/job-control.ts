import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often it is looked whether the terminal is ours again, ms: `fg` sends no signal to what runs already. */
const LOOK_MS = 250

/** Leaves the terminal to others while the work goes on, then takes it back and draws everything anew. */
type Suspend = (work: () => Promise<void>) => Promise<void>

/**
 * Gives the terminal back before this process is stopped (SIGTSTP), and takes it again when it goes on in the
 * foreground; also after it was stopped without being asked (SIGSTOP). In the background it draws nothing. A signal that
 * comes before there is a view, or while the terminal changes hands, is obeyed as soon as that is over.
 */
export class JobControl {
  #suspend: Suspend | undefined
  /** The terminal changes hands. */
  #isMoving = false
  /** The terminal is the shell's. */
  #isAway = false
  #asked: 'stop' | 'take back' | undefined

  constructor() {
    process.on('SIGTSTP', this.#onStop)
    process.on('SIGCONT', this.#onContinue)
  }

  /** @returns there is no view any more that could leave the terminal */
  attach(suspend: Suspend): () => void {
    this.#suspend = suspend
    this.#obey()
    return () => {
      this.#suspend = undefined
    }
  }

  /** No longer watches for signals. */
  release(): void {
    process.off('SIGTSTP', this.#onStop)
    process.off('SIGCONT', this.#onContinue)
  }

  readonly #onStop = (): void => {
    // There is nothing to give back.
    if (this.#isAway) return stopThis()
    this.#asked = 'stop'
    this.#obey()
  }

  readonly #onContinue = (): void => {
    if (this.#isAway) return
    this.#asked ??= 'take back'
    this.#obey()
  }

  #obey(): void {
    const [asked, suspend] = [this.#asked, this.#suspend]
    if (asked === undefined || suspend === undefined || this.#isMoving) return
    this.#asked = undefined
    this.#isMoving = true
    const over = (): void => {
      this.#isMoving = false
      this.#obey()
    }
    // A terminal that is gone has its own ending.
    this.#move(asked, suspend).then(over, over)
  }

  async #move(asked: 'stop' | 'take back', suspend: Suspend): Promise<void> {
    if (asked === 'stop') return await suspend(() => this.#away(stopped))
    // To change the terminal from the background would stop us again.
    await this.#away(untilInForeground)
    await suspend(() => Promise.resolve())
  }

  async #away(work: () => Promise<void>): Promise<void> {
    this.#isAway = true
    await work()
    this.#isAway = false
  }
}

/** Stops all that the shell knows as one job. */
export function stopJob(): void {
  process.kill(0, 'SIGTSTP')
}

async function stopped(): Promise<void> {
  const goesOn = once(process, 'SIGCONT')
  stopThis()
  await goesOn
  await untilInForeground()
}

function stopThis(): void {
  process.kill(process.pid, 'SIGSTOP')
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
