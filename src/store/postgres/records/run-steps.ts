import type pg from 'pg'
import type { Query, QueryStep, Statement, StepResult } from '../../query/query.ts'
import type { Row } from '../../row/row.ts'
import { postgresText } from './statement-text.ts'

/** Runs a query, whose steps are performed elsewhere. */
export async function drive<Result>(
  query: Query<Result>,
  perform: (step: QueryStep) => Promise<StepResult>,
): Promise<Result> {
  let step = query.next()
  while (step.done !== true) step = query.next(await perform(step.value))
  return step.value
}

/** @throws TypeError if it is no question */
export function reading(step: QueryStep): Statement {
  if (step.kind === 'select') return step
  throw new TypeError('a question changes nothing')
}

export async function execute(
  client: pg.ClientBase,
  { kind, sql, values }: Statement,
): Promise<StepResult> {
  const { rows, rowCount } = await client.query<Row>(postgresText(sql), [...values])
  return { rows, changes: kind === 'change' ? (rowCount ?? 0) : 0 }
}
