import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOOPBACK, listen } from '../command/taleus.ts'
import { type Program, startProgram } from '../process/program.ts'
import { residentMib } from '../process/resident.ts'
import type { MeasureBeside } from './measure.ts'

/** A node of libp2p as it comes. In JavaScript, as the built listeners are: nothing is loaded to read types. */
const BARE = `import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
await createLibp2p({
  addresses: { listen: ['${LOOPBACK}'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
})
console.log('ready')
`
/** By then what only the start needed has mostly been collected. */
const SETTLE_MS = 5_000

/** Measures the memory of a real `taleus listen` that has nothing to do, at two builds, beside a bare node, resident MiB. */
export const idleBeside: MeasureBeside = async (place, { now, before }, rounds) => {
  const bare = join(place.directory, 'bare.mjs')
  writeFileSync(bare, BARE)
  const starts = [
    ...[now, before].map(
      ({ name, root }) =>
        () =>
          listen(join(place.directory, name), undefined, {}, join(root, 'bin/run.js')),
    ),
    () => startProgram([bare]),
  ]
  const taken: number[][] = []
  for (let round = 0; round <= rounds; round += 1) {
    const programs: Program[] = []
    try {
      for (const start of starts) programs.push(await start())
      await sleep(SETTLE_MS)
      taken.push(programs.map(({ pid }) => residentMib(pid)))
    } finally {
      for (const program of programs) await program.stop()
    }
  }
  // The first round made the stores, and had nothing compiled by an earlier one.
  const of = (index: number) => taken.slice(1).map((each) => each[index] ?? Number.NaN)
  return [{ now: of(0), before: of(1), bare: of(2) }]
}
