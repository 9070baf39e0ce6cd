import type { SiegeInit } from './siege.ts'

type Attack = Pick<SiegeInit, 'attack' | 'size'>

/** Those that only hold on: sockets that say nothing, and streams that say one byte a second. */
export const PATIENT: readonly Attack[] = [
  { attack: 'silence', size: 1_000 },
  { attack: 'drip', size: 1_000 },
]

/** All of them, each as large as it is worst. */
export const ATTACKS: readonly Attack[] = [
  ...PATIENT,
  { attack: 'garbage', size: 60 },
  { attack: 'stay', size: 500 },
  { attack: 'deaf', size: 500 },
  { attack: 'flood', size: 50 },
  { attack: 'newcomers', size: 4 },
  { attack: 'glutton', size: 400 },
]
