import { parentPort, workerData } from 'node:worker_threads'
import { fuzzCorpus, runFuzzCase } from './fuzz-cases.ts'

// Runs cases and tells the end of each: the parent ends this thread when it hears nothing for too long.
const { seed, from, to }: { seed: number; from: number; to: number } = workerData
const corpus = await fuzzCorpus()
for (let nth = from; nth < to; nth += 1) {
  const told = await runFuzzCase(corpus, seed, nth).then(
    (outcome) => ({ nth, outcome }),
    (error: unknown) => ({ nth, problem: error instanceof Error ? error.stack : String(error) }),
  )
  parentPort?.postMessage(told)
}
