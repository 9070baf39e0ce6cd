import type { DialNews } from '../../service/redeeming/redeemer.ts'
import type { WaitNews } from '../../service/waiting/not-yet.ts'
import { DialProgress, type ProgressStyle } from './dial-progress.ts'
import { WaitProgress } from './wait-progress.ts'

/** Tells a person who waits what is tried; and once it is waited for longer, only of that. */
export class BootstrapProgress {
  readonly #dials: DialProgress
  readonly #waits: WaitProgress

  constructor(stream: NodeJS.WriteStream, style: ProgressStyle) {
    this.#dials = new DialProgress(stream, style)
    this.#waits = new WaitProgress(stream, style)
  }

  hearDial(news: DialNews): void {
    this.#dials.hear(news)
  }

  hearWait(news: WaitNews): void {
    this.#dials.hush()
    this.#waits.hear(news)
  }

  /** As in `DialProgress`. */
  get met(): string | undefined {
    return this.#dials.met
  }

  /** As in `DialProgress`. */
  get attempts(): DialProgress['attempts'] {
    return this.#dials.attempts
  }

  /** The pause that was heard of last. */
  get waited(): WaitNews | undefined {
    return this.#waits.latest
  }

  /** Takes the passing line away, for what is shown next. */
  clear(): void {
    this.#dials.clear()
    this.#waits.clear()
  }
}
