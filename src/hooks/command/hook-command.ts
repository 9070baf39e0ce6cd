import type { HookNotes } from '../own/hook-notes.ts'
import {
  type CommandAnswer,
  type CommandHook,
  type CommandQuestion,
  commandInput,
  MAX_COMMAND_ANSWER_BYTES,
  parseCommandAnswer,
  parseWhichHooks,
  WHICH_HOOKS,
} from './command-messages.ts'
import { HookCommandError } from './errors.ts'
import { type ProcessEnvironment, programEnvironment } from './program-environment.ts'
import { runProgram } from './run-program.ts'
import { Turns } from './turns.ts'

/** Processes of a command at once: each may well take a processor, and sessions wait for theirs. */
const MAX_COMMANDS_AT_ONCE = 8

/** Calls that wait for one of them: far more than sessions under way, by default, have to ask. */
const MAX_COMMANDS_WAITING = 1_024

/** Calls of `audit.logSession` that wait: nobody waits for them, and each holds an event. */
const MAX_COMMAND_EVENTS_WAITING = 256

/** How long a command may take to say which hooks it answers, ms: somebody waits for the start. */
const WHICH_HOOKS_MS = 10_000

/** How long a command may take for one event of `audit.logSession`, which has no deadline of its own, ms. */
const COMMAND_EVENT_MS = 10_000

export interface HookCommandInit {
  /** The program, then its arguments. */
  readonly words: readonly string[]
  /** Of this process; a small part of it is passed on. */
  readonly environment: ProcessEnvironment
  /** Told what the command writes to stderr. */
  readonly notes: Pick<HookNotes, 'say'>
}

/** A program of the host's that is started for each call of a hook: JSON on stdin, JSON on stdout. */
export class HookCommand {
  readonly #init: HookCommandInit
  readonly #environment: Readonly<Record<string, string>>
  readonly #turns = new Turns(MAX_COMMANDS_AT_ONCE, MAX_COMMANDS_WAITING)
  /** One after the other: in the order in which they happened, and never in the way of a session. */
  readonly #events = new Turns(1, MAX_COMMAND_EVENTS_WAITING)

  constructor(init: HookCommandInit) {
    this.#init = init
    this.#environment = programEnvironment(init.environment)
  }

  /** Asks which hooks the command answers. @throws HookCommandError */
  async which(): Promise<readonly CommandHook[]> {
    const signal = AbortSignal.timeout(WHICH_HOOKS_MS)
    try {
      return parseWhichHooks(await this.#run({ hook: WHICH_HOOKS }, signal))
    } catch (cause) {
      if (!signal.aborted) throw cause
      throw new HookCommandError(`it did not answer in ${WHICH_HOOKS_MS} ms`, {
        problem: 'no_answer',
        cause,
      })
    }
  }

  /** @throws HookCommandError; the signal's reason, once the program has ended */
  async ask(question: CommandQuestion, signal: AbortSignal): Promise<CommandAnswer> {
    return await this.#inTurn(this.#turns, question, signal)
  }

  /** Passes an event on. @throws HookCommandError */
  async tell(question: CommandQuestion): Promise<CommandAnswer> {
    return await this.#inTurn(this.#events, question, undefined)
  }

  async #inTurn(
    turns: Turns,
    question: CommandQuestion,
    signal: AbortSignal | undefined,
  ): Promise<CommandAnswer> {
    const end = await turns.take(signal ?? NEVER)
    if (end === undefined) {
      const waiting = `${turns.waiting} calls wait for your command already`
      throw new HookCommandError(waiting, { problem: 'busy' })
    }
    try {
      const until = signal ?? AbortSignal.timeout(COMMAND_EVENT_MS)
      return parseCommandAnswer(await this.#run(question, until))
    } finally {
      end()
    }
  }

  async #run(question: CommandQuestion, signal: AbortSignal): Promise<Uint8Array> {
    const { words, notes } = this.#init
    const { stdout, stderr } = await runProgram({
      words,
      environment: this.#environment,
      input: commandInput(question),
      maxOutputBytes: MAX_COMMAND_ANSWER_BYTES,
      signal,
    })
    if (stderr !== '') notes.say(`${question.hook}: ${stderr}`)
    return stdout
  }
}

const NEVER = new AbortController().signal
