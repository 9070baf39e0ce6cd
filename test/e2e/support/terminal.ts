import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/** For `env`: the program comes to its first frame slowly, and there is time to type before it is drawn. */
export const SLOW_TERMINAL = {
  NODE_OPTIONS: `--import ${fileURLToPath(new URL('./slow-terminal.mjs', import.meta.url))}`,
}

/** How long something may take to be seen, ms: a bound for a hang, the machine may be busy. */
const SEEN_WITHIN_MS = 30_000

export interface TerminalInit {
  readonly columns: number
  readonly rows: number
  readonly env?: NodeJS.ProcessEnv
}

/** A command on a real pseudo-terminal (of util-linux's `script`), and what a terminal makes of its output. */
export class TerminalProcess {
  readonly #emulator: InstanceType<typeof xterm.Terminal>
  readonly #child: ReturnType<typeof spawnScript>
  readonly #exited: Promise<number | null>
  #raw = ''

  constructor(words: readonly string[], { columns, rows, env = {} }: TerminalInit) {
    this.#emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    this.#child = spawnScript(words, { columns, rows, env })
    this.#child.stdout.setEncoding('utf8')
    this.#child.stdout.on('data', (chunk: string) => {
      this.#raw += chunk
      this.#emulator.write(chunk)
    })
    this.#child.stdin.on('error', () => undefined)
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        // The emulator reads what it is given a little later: the screen is whole when it has come to this.
        this.#emulator.write('', () => resolve(code))
      })
    })
    onTestFinished(async () => {
      this.#killAll()
      await this.#exited
    })
  }

  /** Everything it has written, as it came. */
  get raw(): string {
    return this.#raw
  }

  /** The exit code, once it has ended. */
  get exited(): Promise<number | null> {
    return this.#exited
  }

  /** What is on the screen, a line each, without the blanks at their ends. */
  get screen(): readonly string[] {
    const { active } = this.#emulator.buffer
    return Array.from({ length: this.#emulator.rows }, (_, at) => {
      return active.getLine(active.viewportY + at)?.translateToString(true) ?? ''
    })
  }

  /** Whether the other screen is on, which programs use that leave no trace. */
  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate'
  }

  /** Whether it was left so that a person can go on: the cursor shown, the first screen on. */
  get isRestored(): boolean {
    const lastShown = this.#raw.lastIndexOf('\u001b[?25h')
    return !this.isAlternate && lastShown >= this.#raw.lastIndexOf('\u001b[?25l')
  }

  /** Lines that have scrolled off the first screen. */
  get scrolledOff(): number {
    return this.#emulator.buffer.normal.baseY
  }

  type(keys: string): void {
    this.#child.stdin.write(keys)
  }

  /** The process that runs on the terminal. */
  get pid(): number {
    return Number(/^@(\d+) /m.exec(this.#raw)?.[1])
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  /** Lets it go on after it was stopped; `script` stops with what runs on it. */
  goOn(): void {
    this.#child.kill('SIGCONT')
    this.signal('SIGCONT')
  }

  /** As when somebody drags the corner of the window. */
  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows)
    this.stty('cols', String(columns), 'rows', String(rows))
  }

  /** Changes the terminal as a shell does between two programs. */
  stty(...settings: readonly string[]): void {
    execFileSync('stty', ['-F', this.#tty, ...settings])
  }

  /** Nobody reads the terminal any more, and it is full. */
  fill(): void {
    this.#child.stdout.pause()
    const { O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants
    const fd = openSync(this.#tty, O_WRONLY | O_NOCTTY | O_NONBLOCK)
    let fullTimes = 0
    while (fullTimes < 100) {
      try {
        writeSync(fd, ' '.repeat(fullTimes > 0 ? 1 : 1_000))
        fullTimes = 0
      } catch {
        // What `script` can still take, it takes meanwhile.
        fullTimes += 1
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      }
    }
    closeSync(fd)
  }

  /** The process's state, as the system has it: T is stopped; undefined when it is gone. */
  get state(): string | undefined {
    try {
      const state = /\) (\S)/.exec(readFileSync(`/proc/${this.pid}/stat`, 'utf8'))?.[1]
      // Of one that nobody has asked for its exit code only the name is left.
      return state === 'Z' ? undefined : state
    } catch {
      return undefined
    }
  }

  get #tty(): string {
    return /^@\d+ (\S+)/m.exec(this.#raw)?.[1] ?? ''
  }

  /** The window is closed: nobody reads or writes any more. */
  closeWindow(): void {
    this.#child.kill('SIGKILL')
  }

  /** Resolves when the screen fits. @throws Error with the screen if that does not come */
  async until(what: string, fits: (screen: string) => boolean): Promise<string> {
    const end = performance.now() + SEEN_WITHIN_MS
    for (;;) {
      const screen = this.screen.join('\n')
      if (fits(screen)) return screen
      if (performance.now() > end) throw new Error(`not seen: ${what}\n${screen}`)
      await sleep(50)
    }
  }

  /** Resolves when its own screen is on, which may still be empty. */
  async isOn(): Promise<void> {
    await this.until('a screen of its own', () => this.isAlternate)
  }

  /** Resolves when a text is on the screen. */
  async shows(text: string): Promise<string> {
    return await this.until(text, (screen) => screen.includes(text))
  }

  #killAll(): void {
    try {
      if (Number.isInteger(this.pid)) process.kill(this.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
    this.#child.kill('SIGKILL')
  }
}

/** One command of the built program on a terminal. */
export function onTerminal(
  directory: string,
  args: readonly string[],
  { env = {}, ...init }: Partial<TerminalInit> = {},
): TerminalProcess {
  return new TerminalProcess([process.execPath, LAUNCHER, ...args], {
    columns: 80,
    rows: 24,
    ...init,
    env: { TALEUS_DATA_DIR: directory, ...env },
  })
}

function spawnScript(words: readonly string[], { columns, rows, env }: Required<TerminalInit>) {
  const command = words.map(quoted).join(' ')
  // Says who it is and where, so that it can be signalled and resized; exec keeps the process id.
  const line = `stty rows ${rows} cols ${columns}; echo "@$$ $(tty)"; exec ${command}`
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  return spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
    env: {
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      SHELL: '/bin/sh',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
