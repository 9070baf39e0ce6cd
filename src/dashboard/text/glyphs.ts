/** The characters that the terminal can draw. */
export interface Glyphs {
  readonly full: string
  readonly empty: string
  readonly chosen: string
  readonly ellipsis: string
  readonly dot: string
  readonly rule: string
  /** A session that waits for the other side, works here, or is over. */
  readonly waits: string
  readonly works: string
  readonly completed: string
  /** It waits for a person's yes or no. */
  readonly asked: string
  readonly failed: string
  readonly timedOut: string
  readonly refused: string
}

export const UTF8_GLYPHS: Glyphs = {
  full: '█',
  empty: '░',
  chosen: '▸',
  ellipsis: '…',
  dot: '·',
  rule: '─',
  waits: '○',
  works: '●',
  completed: '✓',
  asked: '?',
  failed: '✗',
  timedOut: '◷',
  refused: '⊘',
}

export const ASCII_GLYPHS: Glyphs = {
  full: '#',
  empty: '.',
  chosen: '>',
  ellipsis: '~',
  dot: '-',
  rule: '-',
  waits: 'o',
  works: '*',
  completed: '+',
  asked: '?',
  failed: 'x',
  timedOut: 'T',
  refused: '/',
}
