import { PatchedInternalsError } from '../errors.ts'

/**
 * The packages whose inside this folder reaches into, each with the one version that it was written for. `package.json`
 * pins the same versions; docs/decisions/0033-patches-are-pinned-and-checked.md lists what is patched and why.
 */
export const PATCHED_PACKAGES = {
  '@chainsafe/libp2p-noise': '17.0.0',
  '@chainsafe/libp2p-yamux': '8.0.1',
  '@libp2p/crypto': '5.1.23',
  '@libp2p/mplex': '12.0.32',
  '@libp2p/multistream-select': '7.0.28',
  '@libp2p/peer-store': '12.0.28',
  '@libp2p/tcp': '11.0.28',
  '@libp2p/utils': '7.4.1',
  '@libp2p/websockets': '10.1.21',
  libp2p: '3.3.11',
  ws: '8.23.0',
} as const

export type PatchedPackage = keyof typeof PATCHED_PACKAGES

/** The error for a member that is missing, or does not do any more what a patch counts on. */
export function changed(inside: PatchedPackage, member: string): PatchedInternalsError {
  return new PatchedInternalsError(inside, PATCHED_PACKAGES[inside], member)
}

/**
 * Makes sure that an object has the methods that a patch replaces or calls.
 * @param kind what the object is, for the error
 * @throws PatchedInternalsError
 */
export function requireMethods(
  object: object,
  names: readonly string[],
  inside: PatchedPackage,
  kind: string,
): void {
  for (const name of names) {
    if (typeof Reflect.get(object, name) !== 'function') throw changed(inside, `${kind}.${name}`)
  }
}

/** Reads what is inside an object, only to tell of it: undefined if it is not there any more. */
export function privateMember(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
    object,
  )
}

/**
 * For work whose errors libp2p swallows together with one connection: throws a PatchedInternalsError once more where
 * nobody catches it, which ends the process.
 */
export async function loudly<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throwUncaught(error)
    throw error
  }
}

/** Throws a PatchedInternalsError where nobody catches it; ignores any other error. */
export function throwUncaught(error: unknown): void {
  if (!(error instanceof PatchedInternalsError)) return
  process.nextTick(() => {
    throw error
  })
}
