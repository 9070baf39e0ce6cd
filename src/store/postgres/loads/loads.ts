import { DUTY_LOADS } from './duty-loads.ts'
import type { Load } from './load.ts'
import type { LoadName } from './load-name.ts'
import { REDEMPTION_LOADS } from './redemption-loads.ts'
import { REQUEST_LOADS } from './request-loads.ts'
import { SESSION_LOADS } from './session-loads.ts'
import { TALLY_LOADS } from './tally-loads.ts'
import { TOKEN_LOADS } from './token-loads.ts'

/** All statements that load, in the order in which they are sent: so rows are locked in one order by all. */
export const LOADS: Readonly<Record<LoadName, Load>> = {
  ...TOKEN_LOADS,
  ...REQUEST_LOADS,
  ...REDEMPTION_LOADS,
  ...TALLY_LOADS,
  ...SESSION_LOADS,
  ...DUTY_LOADS,
}
