/** Printable ASCII without a backslash: each text in it is written as it is. */
const PLAIN = /^[ !-[\]-~]*$/

/** Deeper things are left to who can take them. */
const MAX_DEPTH = 16

/** A decimal of so many digits, without a zero at its end, is the shortest that its double has. */
const SURE_DIGITS = 15

/** From here on a number may be written with an exponent, and this is told more easily by writing it. */
const SMALL = '0.00000'

const [QUOTE, COMMA, COLON, MINUS, DOT] = [0x22, 0x2c, 0x3a, 0x2d, 0x2e]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const [ZERO, NINE, SMALL_E, SMALL_T, SMALL_F, SMALL_N] = [0x30, 0x39, 0x65, 0x74, 0x66, 0x6e]

/**
 * Walks over a text that may be canonical JSON and makes nothing of it. Each step is true if what stands there is
 * canonical JSON (RFC 8785) for sure; false says nothing. Most records are so plain, and this takes a tenth of what it
 * takes to parse them and write them anew.
 */
export class PlainJson {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Without this, nothing else holds. */
  get isPlain(): boolean {
    return PLAIN.test(this.#text)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  /** Exactly these characters. */
  literal(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  /** A string, without its quotes; undefined if there is none: then nothing that is asked after it holds either. */
  string(): string | undefined {
    const start = this.#at + 1
    if (this.#string()) return this.#text.slice(start, this.#at - 1)
    this.#at = this.#text.length + 1
    return undefined
  }

  /** A whole number, not negative, that is exact for sure; undefined if there is none. */
  whole(): number | undefined {
    const start = this.#at
    this.#digits()
    const isOne = this.#isWhole(start) && this.#at - start <= SURE_DIGITS
    return isOne ? Number(this.#text.slice(start, this.#at)) : undefined
  }

  number(): boolean {
    const start = this.#at
    if (this.#code() === MINUS) this.#at += 1
    const first = this.#at
    this.#digits()
    if (!this.#isWhole(first)) return false
    const code = this.#code()
    if (code === DOT) return this.#fraction(start, first)
    if (code === SMALL_E) return this.#asWritten(start)
    const isMinusZero = first > start && this.#text.charCodeAt(first) === ZERO
    return !isMinusZero && (this.#at - first <= SURE_DIGITS || this.#asWritten(start))
  }

  object(depth = 0): boolean {
    if (this.#code() !== OPEN_OBJECT || depth > MAX_DEPTH) return false
    this.#at += 1
    if (this.#took(CLOSE_OBJECT)) return true
    let before: string | undefined
    do {
      const name = this.string()
      // Names ascend. Some that begin so mean something to JavaScript.
      const isNext = name !== undefined && (before === undefined || name > before)
      if (!isNext || name.startsWith('__') || !this.#took(COLON)) return false
      if (!this.#value(depth + 1)) return false
      before = name
    } while (this.#took(COMMA))
    return this.#took(CLOSE_OBJECT)
  }

  #list(depth: number): boolean {
    if (depth > MAX_DEPTH) return false
    this.#at += 1
    if (this.#took(CLOSE_LIST)) return true
    do {
      if (!this.#value(depth + 1)) return false
    } while (this.#took(COMMA))
    return this.#took(CLOSE_LIST)
  }

  #value(depth: number): boolean {
    switch (this.#code()) {
      case QUOTE:
        return this.#string()
      case OPEN_OBJECT:
        return this.object(depth)
      case OPEN_LIST:
        return this.#list(depth)
      case SMALL_T:
        return this.literal('true')
      case SMALL_F:
        return this.literal('false')
      case SMALL_N:
        return this.literal('null')
      default:
        return this.number()
    }
  }

  #string(): boolean {
    if (this.#code() !== QUOTE) return false
    const end = this.#text.indexOf('"', this.#at + 1)
    if (end < 0) return false
    this.#at = end + 1
    return true
  }

  #digits(): void {
    let code = this.#code()
    while (code >= ZERO && code <= NINE) {
      this.#at += 1
      code = this.#code()
    }
  }

  /** At least one digit, and no zero before others. */
  #isWhole(first: number): boolean {
    const length = this.#at - first
    return length === 1 || (length > 1 && this.#text.charCodeAt(first) !== ZERO)
  }

  #fraction(start: number, first: number): boolean {
    this.#at += 1
    this.#digits()
    const last = this.#text.charCodeAt(this.#at - 1)
    const isSure =
      this.#code() !== SMALL_E &&
      last > ZERO &&
      last <= NINE &&
      this.#at - first - 1 <= SURE_DIGITS &&
      !this.#text.startsWith(SMALL, first)
    return isSure || this.#asWritten(start)
  }

  /** With an exponent, if there is one: as JavaScript would write it, which is as RFC 8785 has it. */
  #asWritten(start: number): boolean {
    if (this.#took(SMALL_E)) {
      this.#at += 1
      this.#digits()
    }
    const written = this.#text.slice(start, this.#at)
    return String(Number(written)) === written
  }

  #took(code: number): boolean {
    if (this.#code() !== code) return false
    this.#at += 1
    return true
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at)
  }
}
