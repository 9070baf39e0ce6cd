import type { DialNews } from '../../service/redeeming/redeemer.ts'
import { isReadOut } from '../dashboard/is-for-people.ts'
import { writePassing, writeScreen } from '../output/write-screen.ts'
import { line } from '../text/screen-text.ts'
import { harmlessWithin } from '../text/terminal-text.ts'

/** An inviter who answers within this time, ms, is not worth a word. */
const QUIET_MS = 1_000

/** How often the time on the screen is renewed, ms. */
const RENEW_MS = 1_000

/** How progress is shown: a line that the next one replaces, a line for each address, or not at all. */
export type ProgressStyle = 'passing' | 'lines' | 'none'

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>

/** The style for a stream: a person looks at a terminal; a screen that is read out or plain, and a log, have lines. */
export function progressStyle(
  stderr: Pick<Stream, 'isTTY'>,
  env: NodeJS.ProcessEnv,
  isSilent: boolean,
): ProgressStyle {
  if (isSilent) return 'none'
  if (stderr.isTTY !== true) return 'lines'
  const isPlain = env['TERM'] === 'dumb' || (env['TALEUS_PLAIN'] ?? '') !== ''
  return isPlain || isReadOut({ stdout: stderr, env }) ? 'lines' : 'passing'
}

/** Tells a person who waits what is tried, and keeps what came of each address. */
export class DialProgress {
  readonly #stream: Stream
  readonly #style: ProgressStyle
  /** Each address that was tried, and its problem once it failed. */
  readonly #tried = new Map<string, string | undefined>()
  #met: string | undefined
  #began: number | undefined
  #timer: NodeJS.Timeout | undefined
  #isShown = false
  #isHushed = false
  readonly #toldTried = new Set<string>()
  readonly #toldFailed = new Set<string>()

  constructor(stream: Stream, style: ProgressStyle) {
    this.#stream = stream
    this.#style = style
  }

  hear({ address, problem, isMet }: DialNews): void {
    this.#tried.set(address, problem)
    if (isMet === true) {
      this.#met = address
      return
    }
    if (this.#style === 'none' || this.#isHushed) return
    this.#began ??= performance.now()
    this.#timer ??= setTimeout(() => this.#show(), QUIET_MS)
  }

  /** The address at which the inviter was met; undefined if it was not. */
  get met(): string | undefined {
    return this.#met
  }

  /** Every address that was tried, and why nobody was met there, in words. */
  get attempts(): readonly { readonly address: string; readonly problem: string }[] {
    return [...this.#tried].map(([address, problem = 'no answer in time']) => ({
      address,
      problem,
    }))
  }

  /** Says nothing any more: something else is told from now on. What is tried is kept. */
  hush(): void {
    this.clear()
    this.#isHushed = true
  }

  /** Takes the passing line away, for what is shown next. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#began = undefined
    if (this.#isShown) writePassing(this.#stream, line(''))
    this.#isShown = false
  }

  #show(): void {
    this.#timer = setTimeout(() => this.#show(), RENEW_MS)
    if (this.#style === 'lines') {
      this.#showLines()
      return
    }
    const { columns } = this.#stream
    const width = columns > 1 ? columns - 1 : 79
    this.#isShown = true
    writePassing(this.#stream, line(harmlessWithin(this.#text(), width)))
  }

  #text(): string {
    const failed = this.#failed()
    const [first, ...more] = this.#pending()
    const others = more.length === 0 ? '' : ` and ${more.length} more`
    const place = first === undefined ? '' : `, at ${first}${others}`
    const last = failed.at(-1)
    const reason = last === undefined ? '' : `, ${failed.length} failed: ${last.join(' ')}`
    return `Looking for the inviter, ${this.#seconds()} s${place}${reason}`
  }

  /** Tells of each address once that it is tried, and once what came of it. */
  #showLines(): void {
    for (const address of this.#tried.keys()) {
      if (this.#toldTried.has(address)) continue
      this.#toldTried.add(address)
      this.#write(`Looking for the inviter, ${this.#seconds()} s, at ${address}`)
    }
    for (const [address, problem] of this.#failed()) {
      if (this.#toldFailed.has(address)) continue
      this.#toldFailed.add(address)
      this.#write(`  ${address}: ${problem}`)
    }
  }

  #write(text: string): void {
    writeScreen(this.#stream, line(text))
  }

  #seconds(): number {
    return Math.round((performance.now() - (this.#began ?? 0)) / 1_000)
  }

  #pending(): string[] {
    return [...this.#tried].flatMap(([address, problem]) =>
      problem === undefined ? [address] : [],
    )
  }

  #failed(): [string, string][] {
    return [...this.#tried].flatMap(([address, problem]): [string, string][] =>
      problem === undefined ? [] : [[address, problem]],
    )
  }
}
