import { parentPort, workerData } from 'node:worker_threads'
import { describeReport } from './checks/describe-report.ts'
import { runSeed } from './run-seed.ts'

/** What one worker has done. */
export interface Share {
  readonly failures: readonly string[]
  readonly steps: number
  readonly commits: number
  readonly counts: ReadonlyMap<string, number>
}

/** More than a few failures tell no more. */
const MAX_FAILURES = 5

/** Every `stride`th seed from `first` to `last`. */
async function work(first: number, last: number, stride: number): Promise<Share> {
  const failures: string[] = []
  const counts = new Map<string, number>()
  let steps = 0
  let commits = 0
  for (let seed = first; seed <= last && failures.length < MAX_FAILURES; seed += stride) {
    const report = await runSeed(seed)
    if (report.violations.length > 0) failures.push(describeReport(report))
    steps += report.steps
    commits += report.commits
    for (const [what, times] of report.counts) counts.set(what, (counts.get(what) ?? 0) + times)
  }
  return { failures, steps, commits, counts }
}

const { first, last, stride } = workerData
parentPort?.postMessage(await work(Number(first), Number(last), Number(stride)))
