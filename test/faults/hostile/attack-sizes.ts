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

/** The same by a relay, as far as its bounds for one host let them, and those that are about the relay. */
export const RELAYED: readonly Attack[] = [
  // What a host has circuits for is fifty streams on each of sixteen.
  ...ATTACKS.map((each) => (each.attack === 'drip' ? { ...each, size: 500 } : each)),
  { attack: 'mute', size: 16 },
  { attack: 'rubbish', size: 8 },
  { attack: 'knocks', size: 50 },
  { attack: 'squatters', size: 4 },
  { attack: 'halves', size: 100 },
]
