import { type ErrorMeaning, fixed } from './error-meaning.ts'

/** The error codes of scanning in a browser. */
export const SCAN_ERROR_CODES = {
  scan_timed_out: fixed(
    8,
    'No link was scanned in ten minutes.',
    'Run the same command again, or paste the link without --scan.',
  ),
} satisfies Record<string, ErrorMeaning>
