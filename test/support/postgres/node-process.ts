import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('node-child.ts', import.meta.url))

/** A line of a node's process, and when it came, monotonic ms. */
interface Said {
  readonly what: Readonly<Record<string, unknown>>
  readonly at: number
}

export interface NodeProcessInit {
  readonly url: string
  readonly password: string
  readonly peerId: string
  /** Its directory. */
  readonly path: string
  readonly leaseMs: number
}

/** A node in a process of its own, see `node-child.ts`. */
export class NodeProcess {
  readonly peerId: string
  readonly said: Said[] = []
  readonly #child: ChildProcess
  readonly #over: Promise<unknown>

  constructor({ url, password, peerId, path, leaseMs }: NodeProcessInit) {
    this.peerId = peerId
    const child = spawn(process.execPath, [CHILD, url, peerId, path, String(leaseMs)], {
      env: { ...process.env, PGPASSWORD: password },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    this.#over = once(child, 'close')
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.said.push({ what: JSON.parse(line), at: performance.now() })
    })
  }

  /** The redemptions that it has told to be durable. */
  get given(): readonly string[] {
    return this.said.flatMap(({ what }) => (typeof what['given'] === 'string' ? what['given'] : []))
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    this.#child.kill(name)
  }

  /** Waits until it is over. @returns its exit code; null if a signal has ended it */
  async over(): Promise<number | null> {
    await this.#over
    return this.#child.exitCode
  }

  /** Waits for a line that is told after a time. @throws Error if the process ends before */
  async saying(isIt: (what: Said['what']) => boolean, after = 0): Promise<Said> {
    for (;;) {
      const found = this.said.find(({ what, at }) => at >= after && isIt(what))
      if (found !== undefined) return found
      if (this.#child.exitCode !== null) throw new Error(`${this.peerId} has ended: ${this.#last}`)
      await pause(10)
    }
  }

  get #last(): string {
    return JSON.stringify(this.said.at(-1)?.what)
  }
}
