import type { AnswerTo, Write } from '../../session/ports/write.ts'
import type { Tables } from './tables.ts'

type Op = Write['op']

/** Applies one kind of write inside the open transaction. @throws WriteRefused, FinalStateError */
type Applier<Each extends Op> = (
  tables: Tables,
  write: Extract<Write, { readonly op: Each }>,
) => Each extends keyof AnswerTo ? AnswerTo[Each] : unknown

/** An applier for each kind of write in a union. */
export type Appliers<Writes extends Write> = { readonly [Each in Writes['op']]: Applier<Each> }
