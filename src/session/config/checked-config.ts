import { DEFAULT_SESSION_CONFIG, type SessionConfig } from './session-config.ts'

/** Node's timers go no further, ms: beyond it a deadline would be one millisecond. */
const MAX_TIMER_MS = 2_147_483_647

/**
 * Settings of a host's program, as they may be used: those that are undefined are left to the defaults.
 * @throws TypeError that names the first setting that can't be meant
 */
export function checkedConfig(given: Partial<SessionConfig>): Partial<SessionConfig> {
  const known = new Map<string, unknown>(Object.entries(DEFAULT_SESSION_CONFIG))
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [name, value] of entries) {
    // A name that is not ours does nothing: a host's own settings may lie beside it.
    const problem = known.has(name) ? problemOf(name, value, known.get(name)) : undefined
    if (problem !== undefined) throw new TypeError(`config.${name} ${problem}`)
  }
  return Object.fromEntries(entries)
}

function problemOf(name: string, value: unknown, usual: unknown): string | undefined {
  if (name === 'auditLevel') {
    return value === 'full' || value === 'minimal' ? undefined : "must be 'full' or 'minimal'"
  }
  if (typeof value !== typeof usual) return `must be a ${typeof usual}`
  if (typeof value !== 'number') return undefined
  if (!name.endsWith('Ms')) return value >= 0 ? undefined : 'must be 0 or more'
  return value > 0 && value <= MAX_TIMER_MS ? undefined : `must be from 1 to ${MAX_TIMER_MS} ms`
}
