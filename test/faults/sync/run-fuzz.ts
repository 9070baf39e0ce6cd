import { Worker } from 'node:worker_threads'

/** The longest that one case may take, ms: as long as the guard waits for an answer. One that takes longer is refused. */
const MAX_CASE_MS = 10_000

/** What came of many cases. */
export interface FuzzResult {
  readonly taken: number
  /** Those that took too long among them. */
  readonly refused: number
  /** What should not have been, and by which seed it is seen again. */
  readonly problems: readonly string[]
}

/** Sends so many damaged frames, in a thread that is ended when one case takes too long. */
export async function runFuzz(seed: number, cases: number): Promise<FuzzResult> {
  const result = { taken: 0, refused: 0, problems: [] as string[] }
  for (let from = 0; from < cases; ) from = await runUntilLate(seed, from, cases, result)
  return result
}

/** @returns the case to go on with */
async function runUntilLate(
  seed: number,
  from: number,
  to: number,
  result: { taken: number; refused: number; problems: string[] },
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const worker = new Worker(new URL('./fuzz-thread.ts', import.meta.url), {
    workerData: { seed, from, to },
    execArgv: [],
  })
  let next = from
  let timer = setTimeout(reject, 6 * MAX_CASE_MS, new Error('the thread did not start'))
  const late = () => {
    result.refused += 1
    resolve(next + 1)
  }
  worker.on('error', reject)
  worker.on('exit', () => resolve(next))
  worker.on('message', (told: { nth: number; outcome?: 'taken' | 'refused'; problem?: string }) => {
    clearTimeout(timer)
    timer = setTimeout(late, MAX_CASE_MS)
    next = told.nth + 1
    if (told.outcome === undefined) result.problems.push(`${seed}/${told.nth}: ${told.problem}`)
    else result[told.outcome] += 1
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
