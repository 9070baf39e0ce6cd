import { linkProblem } from '../../service/invitations/link-problem.ts'
import { CommandFailure } from '../errors/errors.ts'
import { watchInterruption } from '../input/interruption.ts'
import { readerWasm } from '../qr/reader-wasm.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'
import { openBrowser } from './open-browser.ts'
import { scanPage } from './scan-page.ts'
import { ScanServer } from './scan-server.ts'

/** How long the page waits for a code, ms: to find the paper and the light for it. */
const SCAN_WITHIN_MS = 600_000

export interface ScanOptions {
  /** Show the page in the browser; else only its address is told. */
  readonly open: boolean
  /** Writes to stderr, where the person who scans looks. */
  show(text: ScreenText): void
  /** How long the page waits, ms. @default ten minutes */
  readonly withinMs?: number
}

/**
 * Lets a page in the browser read a link, by its camera, from a picture, or as it is pasted there.
 * @throws CommandFailure `interrupted`, `terminated`, `scan_timed_out`
 */
export async function scanLink(options: ScanOptions): Promise<string> {
  const { open, show, withinMs = SCAN_WITHIN_MS } = options
  const server = new ScanServer({ page: scanPage, reader: readerWasm, problemOf: linkProblem })
  const interruption = watchInterruption((signal) => process.exit(signal === 'SIGINT' ? 130 : 143))
  const patience = AbortSignal.timeout(withinMs)
  const end = AbortSignal.any([interruption.signal, patience])
  let reason = 'The command in the terminal has ended. You can close this page.'
  try {
    const address = await server.start()
    const isOpen = open && (await openBrowser(address, process))
    const what = isOpen
      ? 'Scan the code in the page that opens'
      : 'Open this page and scan the code'
    show(lines([`${what}; ^C gives up:`, address]))
    const link = await Promise.race([server.link, aborted(end)])
    if (link === undefined) throw failureOf(interruption.received())
    reason = 'The link has gone to the terminal. You can close this page.'
    show(line('The link is here.'))
    return link
  } finally {
    server.stop(reason)
    interruption.release()
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function failureOf(received: 'SIGINT' | 'SIGTERM' | undefined): CommandFailure {
  const advice = 'Nothing was done.'
  if (received === undefined) return new CommandFailure('scan_timed_out')
  return new CommandFailure(received === 'SIGINT' ? 'interrupted' : 'terminated', { advice })
}
