import { createHash } from 'node:crypto'

/** The name of this engine in messages, and in what is kept. */
export const POSTGRES = 'postgres'

/** Hexadecimal digits of a name: 128 bits, and the longest name has 45 bytes of the 63 that PostgreSQL keeps. */
const DIGITS = 32

/** The names that belong to one tally on a server. They tell nothing of it. */
export interface TallyNames {
  readonly schema: string
  /** The role of the side that had it built: always the stock half. */
  readonly stock: string
  readonly foil: string
}

/** Derives the names from the tally's id: the same id, the same names, on both sides. */
export function tallyNames(tallyId: string): TallyNames {
  const digest = createHash('sha256').update(`taleus schema 1\n${tallyId}`).digest('hex')
  const schema = `taleus_${digest.slice(0, DIGITS)}`
  return { schema, stock: `${schema}_stock`, foil: `${schema}_foil` }
}

/** The two numbers of the lock under which a tally's schema is built and removed. */
export function lockOf({ schema }: TallyNames): readonly [number, number] {
  const bytes = createHash('sha256').update(schema).digest()
  return [bytes.readInt32BE(0), bytes.readInt32BE(4)]
}
