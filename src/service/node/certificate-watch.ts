import type { CertifiedNode } from './certified-node.ts'

/** How often it is looked how long the certificate is still good, ms. */
const LOOK_EVERY_MS = 3_600_000

/** The part of a certificate's time, at its end, in which it should have been renewed. */
const LATE_PART = 1 / 3

/**
 * Tells while a node's certificate should have been renewed, or is none: at once, and each hour.
 * @returns stops telling
 */
export function watchCertificate(
  own: CertifiedNode,
  problem: (detail: string) => void,
): () => void {
  const look = (): void => {
    const trouble = certificateTrouble(own, Date.now())
    if (trouble !== undefined) problem(trouble.problem)
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  look()
  return () => clearInterval(timer)
}

/** A node's certificate that needs somebody's attention. */
export interface CertificateTrouble {
  /** In words. */
  readonly problem: string
  /** It is taken for its party all the same. */
  readonly isGood: boolean
}

/** Tells what is wrong with a node's certificate, if anything is. @param now milliseconds since the epoch */
export function certificateTrouble(
  own: CertifiedNode,
  now: number,
): CertificateTrouble | undefined {
  const certificate = own.certificate()
  if (certificate === undefined)
    return bad('this node has no certificate any more: nobody takes it for its party')
  const { name, validFrom, validUntil } = certificate
  if (now < validFrom * 1_000) {
    const from = new Date(validFrom * 1_000).toISOString()
    return bad(
      `the certificate of the node ${name} is good from ${from} on, and nobody takes it before: is a clock wrong?`,
    )
  }
  const left = validUntil - now / 1_000
  if (left <= 0)
    return bad(`the certificate of the node ${name} has lapsed: nobody takes it for its party`)
  if (left > (validUntil - validFrom) * LATE_PART) return undefined
  const until = new Date(validUntil * 1_000).toISOString()
  const problem = `the certificate of the node ${name} lapses ${until}: renew it with \`node add\` and \`node join\``
  return { problem, isGood: true }
}

function bad(problem: string): CertificateTrouble {
  return { problem, isGood: false }
}
