import { Command, Errors, Flags } from '@oclif/core'
import { compact } from '../protocol/base/compact.ts'
import { CommandFailure } from './errors/errors.ts'
import { type ErrorReport, errorText, reportOf } from './failure/error-report.ts'
import { exitUnheard } from './failure/exit-with-error.ts'
import { type Locations, locationsOf } from './locations.ts'
import type { NewParty, Output } from './output/output.ts'
import { wants, wantsDebug } from './output/raw-flags.ts'
import { writeScreen } from './output/write-screen.ts'
import { FILE_FLAG } from './paths/meant-path.ts'
import { type Hinted, hintedFor } from './text/hint.ts'
import { jsonText } from './text/json-text.ts'
import { line, lines, type ScreenText } from './text/screen-text.ts'
import { scrub } from './text/scrub.ts'

/** The one document of a command that failed under `--json`: `error`, beside what is known all the same. */
export interface ErrorDocument {
  readonly error: ErrorReport
  /** Warnings that were told before it failed, if there were any. */
  readonly warnings?: readonly string[]
}

/**
 * The base of every command: the common flags, stdout for the answer and stderr for all else, errors
 * told from the one table of error codes. `run()` returns what `--json` prints.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    json: Flags.boolean({
      description: 'Print the answer, or the error, as one JSON document.',
      env: 'TALEUS_JSON',
      helpGroup: 'GLOBAL',
    }),
    'data-dir': Flags.string({
      ...FILE_FLAG,
      description: 'Directory for the key and the store; if named, for the settings too.',
      env: 'TALEUS_DATA_DIR',
      helpGroup: 'GLOBAL',
      helpValue: 'DIR',
    }),
    store: Flags.string({
      description: 'Where the party’s store is, in place of the setting `store`.',
      env: 'TALEUS_STORE',
      helpGroup: 'GLOBAL',
      helpValue: 'sqlite|postgres://…',
      parse: async (text) => {
        const { parseSetting } = await import('./settings/setting-values.ts')
        return String(parseSetting('store', [text]))
      },
    }),
    quiet: Flags.boolean({
      description: 'Print nothing but the answer and errors.',
      env: 'TALEUS_QUIET',
      helpGroup: 'GLOBAL',
    }),
    'no-color': Flags.boolean({
      description: 'Use no colours.',
      env: 'TALEUS_NO_COLOR',
      helpGroup: 'GLOBAL',
    }),
  }

  readonly #warnings: string[] = []
  /** Completes the commands in a hint by the data directory of this run. */
  protected hinted: Hinted = hintedFor({})

  protected override async init(): Promise<void> {
    // Whatever we create is for this user only; a link in a file is as good as the link.
    process.umask(0o077)
    // Instead of oclif's own listener, which throws what it does not know.
    process.stdout.removeAllListeners('error')
    process.stdout.on('error', (error) => this.#onStdoutError(error))
    // A hint that can't be told is no reason to withhold the answer.
    process.stderr.on('error', () => {})
    if (this.#wants('no-color')) process.env['NO_COLOR'] = '1'
    await super.init()
  }

  /** The directories and the store of this run, by its flags. */
  protected locations(flags: {
    readonly 'data-dir': string | undefined
    readonly store: string | undefined
  }): Locations {
    const { 'data-dir': dataDirectory, store } = flags
    // What the environment says, it says to the next command, too.
    const isGiven = store !== undefined && (process.env['TALEUS_STORE'] ?? '') === ''
    this.hinted = hintedFor({ dataDirectory, store: isGiven ? store : undefined })
    return { ...locationsOf(dataDirectory, process.env), store }
  }

  override jsonEnabled(): boolean {
    return this.#wants('json')
  }

  /** True if colours make sense: the flag and NO_COLOR are already taken into account. */
  protected get colors(): boolean {
    return process.stderr.isTTY === true && (process.env['NO_COLOR'] ?? '') === ''
  }

  /** Writes the answer, unless it is asked for as JSON: then it is not even drawn, if it is still to be. */
  protected show(text: ScreenText | (() => ScreenText)): void {
    if (this.jsonEnabled()) return
    writeScreen(process.stdout, typeof text === 'function' ? text() : text)
  }

  /** Writes an answer with commands in it, which get the flags of this run. */
  protected showHinted(text: ScreenText | (() => ScreenText)): void {
    this.show(() => {
      const shown = typeof text === 'function' ? text() : text
      return lines(this.hinted(shown).split('\n'))
    })
  }

  /** Writes a line of hints or progress to stderr, unless --quiet or --json is given. */
  protected note(text: string): void {
    this.showAside(line(this.hinted(text)), false)
  }

  /** Tells that this run has made a new party. Under `--json` the document does. */
  protected tellNewParty({ peerId, directory }: NewParty): void {
    this.#warnings.push(`a new party was made in ${directory}`)
    this.note(`New party ${peerId} in ${directory}.`)
  }

  /** Shows text on stderr; to somebody who is asked about it also under --quiet and --json. */
  protected showAside(text: ScreenText, isAsked: boolean): void {
    const isWanted = isAsked || !(this.#wants('quiet') || this.jsonEnabled())
    if (isWanted) writeScreen(process.stderr, text)
  }

  /** Warns of something about an answer that is good. Under `--json` the warning goes into the document. */
  override warn(input: Error | string): Error | string {
    const text = this.hinted(scrub(input instanceof Error ? input.message : input))
    this.#warnings.push(text)
    this.note(`Warning: ${text}`)
    return input
  }

  /** The output of this command, for the functions it calls. */
  protected get output(): Output {
    return {
      answer: (text) => this.show(text),
      note: (text) => this.note(text),
      warn: (text) => {
        this.warn(text)
      },
      newParty: (party) => this.tellNewParty(party),
    }
  }

  /** Called when the reader of our stdout is gone. A command with work under way stops that first. */
  protected onClosedPipe(): void {
    process.exit(0)
  }

  /** Texts from peers do no harm on a terminal in a document either. */
  override logJson(json: unknown): void {
    writeScreen(process.stdout, jsonText(json, 2))
  }

  protected override toSuccessJson(result: unknown): unknown {
    if (this.#warnings.length === 0 || typeof result !== 'object' || result === null) return result
    const own: unknown = Reflect.get(result, 'warnings')
    return { ...result, warnings: [...(Array.isArray(own) ? own : []), ...this.#warnings] }
  }

  protected override toErrorJson(error: unknown): ErrorDocument {
    const document = error instanceof CommandFailure ? error.document : undefined
    const warnings = this.#warnings.length === 0 ? undefined : this.#warnings
    return { ...document, error: this.#report(error), ...compact({ warnings }) }
  }

  protected override async catch(error: Errors.CLIError): Promise<never> {
    // A deliberate end, such as --version gives.
    if (error instanceof Errors.ExitError) throw error
    if (error.code === 'EPIPE') this.exit(0)
    const report = this.#report(error)
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(error))
    else writeScreen(process.stderr, errorText(report))
    if (wantsDebug(process.env))
      writeScreen(process.stderr, lines(scrub(error.stack ?? '').split('\n')))
    this.exit(report.exitCode)
  }

  /** Whether a flag is given; also known where the arguments can't be parsed. */
  #wants(flag: 'json' | 'quiet' | 'no-color'): boolean {
    return wants(flag, this.argv, process.env)
  }

  #report(error: unknown): ErrorReport {
    const id = (this.id ?? '').replaceAll(':', ' ')
    const report = reportOf(error, `${this.config.bin} ${id} --help`)
    return {
      ...report,
      message: this.hinted(report.message),
      nextStep: this.hinted(report.nextStep),
    }
  }

  #onStdoutError(error: NodeJS.ErrnoException): void {
    // EIO is what a terminal that was closed answers.
    const isGone = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY)
    if (isGone) this.onClosedPipe()
    else exitUnheard(error)
  }
}
