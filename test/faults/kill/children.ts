import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type {
  ChildOrders,
  DeciderOrders,
  InviteeOrders,
  ListenerOrders,
  RelayOrders,
} from './child-orders.ts'

const LAUNCHER = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const DYING_LISTENER = fileURLToPath(new URL('./dying/dying-listener.ts', import.meta.url))
const DYING_INVITEE = fileURLToPath(new URL('./dying/dying-invitee.ts', import.meta.url))
const DYING_DECIDER = fileURLToPath(new URL('./dying/dying-decider.ts', import.meta.url))
const DYING_RELAY = fileURLToPath(new URL('./dying/dying-relay.ts', import.meta.url))

/** Longer than anything here takes; a child that is still there then has hung. */
const PATIENCE_MS = 60_000

/** How often what a child has said is looked at. */
const LOOK_AGAIN_MS = 10

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** One process of a round. */
export class Child {
  readonly #process: ChildProcess
  readonly #name: string
  readonly #output = { stdout: '', stderr: '' }
  /** Never rejects. */
  readonly ended: Promise<Ended>

  constructor(name: string, process: ChildProcess) {
    this.#name = name
    this.#process = process
    for (const stream of ['stdout', 'stderr'] as const) {
      process[stream]?.setEncoding('utf8')
      process[stream]?.on('data', (text: string) => {
        this.#output[stream] += text
      })
    }
    this.ended = once(process, 'close').then(() => this.#end())
  }

  get isOver(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** All that it has said so far. */
  get stdout(): string {
    return this.#output.stdout
  }

  /** @throws Error if it ends, or says nothing of the kind in time */
  async said(text: string): Promise<void> {
    const patience = performance.now() + PATIENCE_MS
    while (!this.#output.stdout.includes(text)) {
      if (this.isOver) throw new Error(`${this.#name} ended: ${this.#tell()}`)
      if (performance.now() > patience) throw new Error(`${this.#name} hung: ${this.#tell()}`)
      await sleep(LOOK_AGAIN_MS)
    }
  }

  /** @throws Error if it goes on for too long; it is killed then */
  async end(patienceMs: number = PATIENCE_MS): Promise<Ended> {
    const patience = sleep(patienceMs, undefined, { ref: false })
    const ended = await Promise.race([this.ended, patience])
    if (ended !== undefined) return ended
    this.kill('SIGKILL')
    await this.ended
    throw new Error(`${this.#name} did not end: ${this.#tell()}`)
  }

  #end(): Ended {
    const { exitCode: code, signalCode: signal } = this.#process
    return { code, signal, ...this.#output }
  }

  #tell(): string {
    return `${this.#output.stdout}${this.#output.stderr}`.slice(-2_000)
  }
}

/** All processes of one round. */
export class Children {
  readonly #all: Child[] = []

  /**
   * The real `taleus listen`, ready.
   * @param relay to have a place at, and to wait for. @default none
   * @param more flags
   */
  async listen(
    directory: string,
    address: string,
    relay?: string,
    more: readonly string[] = [],
  ): Promise<Child> {
    const by = relay === undefined ? [] : ['--relay', relay]
    const args = ['listen', '--json', '--listen', address, '--rate-limit', '100000', ...by, ...more]
    const child = this.#start('listen', directory, [LAUNCHER, ...args])
    await child.said('"type":"ready"')
    if (relay !== undefined) await child.said('"state":"reserved"')
    return child
  }

  /** A relay that dies, ready. @returns with it, its address */
  async relay(orders: RelayOrders): Promise<{ readonly child: Child; readonly address: string }> {
    const child = this.#runner('the relay', DYING_RELAY, orders)
    await child.said('ready ')
    const [, address = ''] = /^ready (.*)$/m.exec(child.stdout) ?? []
    return { child, address }
  }

  /** The real `taleus bootstrap`. */
  bootstrap(directory: string, link: string, disclose: readonly string[]): Child {
    const args = ['bootstrap', link, '--yes', '--json', '--timeout', '30s', ...disclose]
    return this.#start('bootstrap', directory, [LAUNCHER, ...args])
  }

  /** Any other real command. */
  command(directory: string, ...args: readonly string[]): Child {
    return this.#start(args.slice(0, 2).join(' '), directory, [LAUNCHER, ...args, '--json'])
  }

  /** A listener that dies, ready. */
  async dyingListener(orders: ListenerOrders): Promise<Child> {
    const child = this.#runner('the dying listener', DYING_LISTENER, orders)
    await child.said('ready')
    return child
  }

  dyingInvitee(orders: InviteeOrders): Child {
    return this.#runner('the dying invitee', DYING_INVITEE, orders)
  }

  dyingDecider(orders: DeciderOrders): Child {
    return this.#runner('the dying decider', DYING_DECIDER, orders)
  }

  /** Those that have not ended. */
  get left(): readonly Child[] {
    return this.#all.filter(({ isOver }) => !isOver)
  }

  /** For when a round broke off. */
  async killAll(): Promise<void> {
    for (const child of this.left) child.kill('SIGKILL')
    await Promise.all(this.#all.map(({ ended }) => ended))
  }

  #runner(name: string, program: string, orders: ChildOrders): Child {
    return this.#start(name, orders.directory, [program, JSON.stringify(orders)])
  }

  #start(name: string, directory: string, args: readonly string[]): Child {
    const child = new Child(
      name,
      spawn(process.execPath, args, {
        env: environment(directory),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    this.#all.push(child)
    return child
  }
}

/** Nothing of the developer's own settings reaches the processes under test. */
function environment(directory: string): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TALEUS_') && !name.startsWith('VITEST') && name !== 'DEBUG',
  )
  return {
    ...Object.fromEntries(clean),
    NO_COLOR: '1',
    TALEUS_DATA_DIR: directory,
  }
}
