/** One attack, in a process of its own. `attacker.ts LINK ADDRESSES ATTACK SIZE [RELAY]`; asked, it tells how many blows it dealt. */

import { setPriority } from 'node:os'
import { serve } from '../../../bench/process/child.ts'
import { ATTACKS } from './attacks.ts'
import { RELAY_ATTACKS } from './relay-attacks.ts'
import { Target } from './target.ts'

const [, , link = '', addresses = '', name = '', size = '1', relay] = process.argv

const ALL = { ...ATTACKS, ...RELAY_ATTACKS }

function isAttack(text: string): text is keyof typeof ALL {
  return Object.hasOwn(ALL, text)
}

// It would be on another computer: what it costs there is not to be counted here.
setPriority(19)
if (!isAttack(name)) throw new TypeError(`no attack ${name}`)
const target = new Target(link, addresses.split(' '), relay)
await ALL[name](target, Number(size))
// Whatever it meets, it goes on.
process.on('uncaughtException', () => undefined)
process.on('unhandledRejection', () => undefined)
serve({ ready: true }, () => ({ blows: target.blows }))
