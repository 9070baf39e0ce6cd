import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { base32 } from 'multiformats/bases/base32'

/** Something that must not be told, in one of the ways to write it. */
export interface Needle {
  /** Whose it is, and the spelling: what a failing test says. */
  readonly name: string
  readonly bytes: Buffer
}

/** Every way to write a few bytes that anybody is likely to think of. */
export function spellingsOf(name: string, bytes: Uint8Array): Needle[] {
  const raw = Buffer.from(bytes)
  const text32 = base32.encode(bytes).slice(1)
  const spellings = {
    raw,
    hex: raw.toString('hex'),
    HEX: raw.toString('hex').toUpperCase(),
    base64: raw.toString('base64').replaceAll('=', ''),
    base64url: raw.toString('base64url'),
    base32: text32,
    BASE32: text32.toUpperCase(),
    numbers: [...raw].join(','),
    'numbers, spaced': [...raw].join(', '),
    'latin1 in UTF-8': raw.toString('latin1'),
  }
  return Object.entries(spellings).map(([how, written]) => ({
    name: `${name} as ${how}`,
    bytes: Buffer.from(written),
  }))
}

/** Of a text: as it is, in capitals, escaped, and encoded as a whole. */
export function spellingsOfText(name: string, text: string): Needle[] {
  return [
    { name: `${name} as it is`, bytes: Buffer.from(text) },
    { name: `${name} in capitals`, bytes: Buffer.from(text.toUpperCase()) },
    { name: `${name} for URLs`, bytes: Buffer.from(encodeURIComponent(text)) },
    { name: `${name} as hex`, bytes: Buffer.from(Buffer.from(text).toString('hex')) },
  ]
}

/** Which of them are in there. */
export function leaksIn(where: string, hay: Buffer | string, needles: readonly Needle[]): string[] {
  const bytes = Buffer.from(hay)
  return needles
    .filter((needle) => bytes.includes(needle.bytes))
    .map(({ name }) => `${where}: ${name}`)
}

/** The same, of every file of a directory and below, as it is on the disk. */
export function leaksBelow(
  directory: string,
  needles: readonly Needle[],
  isAllowed: (path: string) => boolean,
): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isAllowed(path))
    .flatMap((path) => leaksIn(path, readFileSync(path), needles))
}

/** What the processes below this one show to others of their user, looked at again and again. */
export class ProcessSampler {
  readonly #seen = new Map<string, string>()
  readonly #timer: NodeJS.Timeout

  constructor(everyMs = 10) {
    this.#timer = setInterval(() => this.#look(process.pid), everyMs)
  }

  /** Command lines and environments so far, each once. */
  stop(): readonly string[] {
    clearInterval(this.#timer)
    return [...this.#seen.values()]
  }

  #look(pid: number): void {
    for (const child of childrenOf(pid)) {
      for (const what of ['cmdline', 'environ']) {
        const shown = read(`/proc/${child}/${what}`)
        this.#seen.set(`${child} ${what} ${shown.length} ${shown.slice(0, 200)}`, shown)
      }
      this.#look(child)
    }
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

/** A process may be gone by now. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
