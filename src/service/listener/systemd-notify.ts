import { execFile } from 'node:child_process'

/** The environment that systemd gives a service of `Type=notify`. */
export interface NotifyEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined
  /** Microseconds within which the service must say that it is alive. */
  readonly WATCHDOG_USEC?: string | undefined
  /** The process that the watchdog means, if not every one. */
  readonly WATCHDOG_PID?: string | undefined
  readonly PATH?: string | undefined
}

export interface NotifyInit {
  readonly environment: NotifyEnvironment
  /** The service manager could not be told, for the first time. */
  onProblem(detail: string): void
}

/** How long one message may take, ms: `systemd-notify` waits until systemd has read it. */
const MESSAGE_TIMEOUT_MS = 5_000

/** Signs of life in each watchdog period: two may be late before the service is killed. */
const SIGNS_PER_PERIOD = 3

/** Shortest watchdog period that is taken up, ms: each sign of life starts a process. */
const MIN_PERIOD_MS = 3_000

/**
 * Tells systemd how the service is, through its own `systemd-notify`: Node has no datagrams over Unix sockets.
 * The unit needs `NotifyAccess=all`, because the message comes from another process of the service.
 */
export class SystemdNotify {
  readonly #init: NotifyInit
  #timer: NodeJS.Timeout | undefined
  #last: Promise<void> = Promise.resolve()
  #failed = false

  constructor(init: NotifyInit) {
    this.#init = init
  }

  /** True if there is somebody to tell. */
  get isWanted(): boolean {
    return (this.#init.environment.NOTIFY_SOCKET ?? '') !== ''
  }

  /** Ready to serve. Begins the signs of life if systemd asks for them. */
  ready(status: string): void {
    this.#say('READY=1', `MAINPID=${process.pid}`, `STATUS=${oneLine(status)}`)
    const period = this.#watchdogPeriodMs()
    if (!this.isWanted || period === undefined || this.#timer !== undefined) return
    // The watchdog learns from the timer that nothing blocks the event loop.
    this.#timer = setInterval(() => this.#say('WATCHDOG=1'), period / SIGNS_PER_PERIOD)
    this.#timer.unref()
  }

  /** No longer taking anything new. The signs of life go on: a drain may take a while. */
  stopping(status: string): void {
    this.#say('STOPPING=1', `STATUS=${oneLine(status)}`)
  }

  /** No more signs of life. @returns when what was said has been heard, or given up */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#last
  }

  #watchdogPeriodMs(): number | undefined {
    const { WATCHDOG_USEC, WATCHDOG_PID } = this.#init.environment
    if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(process.pid)) return undefined
    const ms = Number(WATCHDOG_USEC) / 1_000
    return ms >= MIN_PERIOD_MS ? ms : undefined
  }

  /** One after the other: READY must not overtake STOPPING. */
  #say(...variables: readonly string[]): void {
    if (!this.isWanted) return
    this.#last = this.#last.then(() => this.#send(variables))
  }

  #send(variables: readonly string[]): Promise<void> {
    const { NOTIFY_SOCKET, PATH } = this.#init.environment
    return new Promise((resolve) => {
      execFile(
        'systemd-notify',
        ['--', ...variables],
        { timeout: MESSAGE_TIMEOUT_MS, env: { NOTIFY_SOCKET, PATH } },
        (error) => {
          if (error !== null) this.#complain(error.message)
          resolve()
        },
      )
    })
  }

  #complain(detail: string): void {
    if (this.#failed) return
    this.#failed = true
    this.#init.onProblem(`systemd could not be told: ${oneLine(detail)}`)
  }
}

/** A message is lines; a status is one of them. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
