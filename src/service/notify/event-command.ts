import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ProcessEnvironment,
  programEnvironment,
} from '../../hooks/command/program-environment.ts'
import { runProgram } from '../../hooks/command/run-program.ts'
import { HookNotes } from '../../hooks/own/hook-notes.ts'
import type { FeedReader } from '../feed/event-feed.ts'
import type { FeedEvent } from '../feed/event-feed-event.ts'
import { feedDocument } from '../feed/event-feed-lines.ts'
import { type EventKind, kindOf } from './event-kinds.ts'
import { FreshEvents } from './fresh-events.ts'

/** Events that wait for the command: an hour of a busy shop's, some 2 MB. */
const MAX_EVENTS_WAITING = 1_000

/** How long one run of the command may take, ms: a mail server may be slow; what comes next waits. */
const EVENT_COMMAND_MS = 30_000

/** Begins each problem of the command itself. */
const BY_COMMAND = 'on-event: '

/** The command is not started to hear that it failed. */
function isAboutCommand(event: FeedEvent): boolean {
  return event.type === 'problem' && event.detail.startsWith(BY_COMMAND)
}

/** How long those that wait have at the end, ms: the listener is to stop soon. */
const EVENT_DRAIN_MS = 2_000

/** The command, the events that it is for, and those who hear of its failures. */
export interface EventCommandInit {
  /** The program, then its arguments. */
  readonly words: readonly string[]
  /** Of this process; a small part of it is passed on. */
  readonly environment: ProcessEnvironment
  readonly kinds: readonly string[]
  readonly reader: FeedReader
  /** Number of the newest record of the audit that is no news. */
  readonly lastRecord: number
  problem(detail: string): void
}

/** Events since the start, by their ends. */
export interface EventFigures {
  /** The command ended well. */
  readonly told: number
  readonly failed: number
  /** Of these the command was not told: too many waited, or the end came first. */
  readonly dropped: number
  readonly waiting: number
}

/**
 * Starts a command for each event of some kinds, with the event on its standard input: one after the other, in the order in
 * which they happened. Nothing waits for it: of what comes too fast for it the rest is counted.
 */
export class EventCommand {
  readonly #init: EventCommandInit
  readonly #wanted: ReadonlySet<string>
  readonly #environment: Readonly<Record<string, string>>
  readonly #fresh: FreshEvents
  readonly #notes = new HookNotes()
  readonly #ending = new AbortController()
  readonly #waiting: string[] = []
  #told = 0
  #failed = 0
  #dropped = 0
  #isUnder = false
  #isOver = false
  #wake: (() => void) | undefined
  #work: Promise<unknown> | undefined

  constructor(init: EventCommandInit) {
    this.#init = init
    this.#wanted = new Set(init.kinds)
    this.#environment = programEnvironment(init.environment)
    this.#fresh = new FreshEvents(init.lastRecord)
    this.#notes.onSaid((note) => init.problem(BY_COMMAND + note))
  }

  get figures(): EventFigures {
    const waiting = this.#waiting.length + Number(this.#isUnder)
    return { told: this.#told, failed: this.#failed, dropped: this.#dropped, waiting }
  }

  start(): void {
    this.#work = Promise.all([this.#read(), this.#runAll()])
  }

  /** Called once the feed is closed: has what waits done, for so many ms; the rest is counted. */
  async stop(ms: number = EVENT_DRAIN_MS): Promise<void> {
    this.#init.reader.close()
    const late = new AbortController()
    const end = sleep(ms, undefined, { signal: late.signal }).then(
      () => this.#ending.abort(new Error('the listener stops')),
      () => undefined,
    )
    await this.#work
    late.abort()
    await end
  }

  async #read(): Promise<void> {
    for await (const events of this.#init.reader) for (const event of events) this.#take(event)
    this.#isOver = true
    this.#wake?.()
  }

  #take(event: FeedEvent): void {
    if (event.type === 'missed') this.#drop(event.count)
    if (!this.#fresh.isFresh(event) || isAboutCommand(event)) return
    const kind = kindOf(event, this.#wanted)
    if (kind === undefined) return
    if (this.#waiting.length >= MAX_EVENTS_WAITING) return this.#drop(1)
    this.#waiting.push(textOf(kind, event))
    this.#wake?.()
  }

  #drop(count: number): void {
    if (this.#dropped === 0)
      this.#notes.say('your command is too slow: events are dropped, `taleus status` counts them')
    this.#dropped += count
  }

  async #runAll(): Promise<void> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) await this.#run(next)
      else if (this.#isOver) return
      else await this.#more()
      if (this.#ending.signal.aborted) this.#dropped += this.#waiting.splice(0).length
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
    })
  }

  async #run(input: string): Promise<void> {
    const { words } = this.#init
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(EVENT_COMMAND_MS)])
    this.#isUnder = true
    try {
      const { stderr } = await runProgram({ words, environment: this.#environment, input, signal })
      this.#told += 1
      this.#notes.say(stderr)
    } catch (error) {
      this.#failed += 1
      this.#notes.say(error instanceof Error ? error.message : String(error))
    } finally {
      this.#isUnder = false
    }
  }
}

/** One line of JSON: the event as the feed tells it, and the kind that it was chosen for. */
function textOf(kind: EventKind, event: FeedEvent): string {
  return `${JSON.stringify({ kind, ...feedDocument(event) })}\n`
}
