import type { Operator } from '../../service/record/operator.ts'
import type { SettingChange, SettingInUse } from '../../service/status/listener-settings.ts'
import { type Context, isParty, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { valueText } from '../settings/setting-values.ts'

/**
 * The effect of a changed setting on the running listener: `now` it goes by it; on `restart` it will; it is
 * `overridden` by the listener's own command line or environment; only the `next` command uses it. `none` is running,
 * or it was `unheard`, since the listener did not answer.
 */
export type ListenerTake =
  | { readonly take: 'now' | 'restart' | 'next' | 'none' | 'unheard' }
  | ({ readonly take: 'overridden' } & SettingInUse)

/**
 * Has the running listener take the change up, which it records. Without one it is recorded here, if there is a store.
 * @throws DataDirectoryError, StoreError
 */
export async function tellListener(
  locations: Locations,
  change: SettingChange,
  reason?: string,
): Promise<ListenerTake> {
  // A directory that was never used has neither a listener nor an audit, and setting something makes none.
  if (!isParty(locations)) return { take: 'none' }
  const { currentOperator } = await import('../../service/record/operator.ts')
  const operator = currentOperator(reason)
  return await withContext(locations, async (context) => {
    const taken = context.isServed() ? await askForIt(context, operator) : undefined
    const told: ListenerTake =
      typeof taken === 'object' ? takeOf(change, taken.inUse) : { take: taken ?? 'none' }
    // A change that the listener takes up, or will, it records itself.
    if (!HEARD.has(told.take)) await record(context, change, operator)
    return told
  })
}

const HEARD: ReadonlySet<ListenerTake['take']> = new Set(['now', 'restart', 'next'])

async function record(context: Context, change: SettingChange, operator: Operator): Promise<void> {
  const { key, from, to, source, effect } = change
  if (isSame(from, to) || !(await context.hasStore())) return
  const { noteCommand } = await import('../../service/record/note-command.ts')
  const changes = [{ key, from, to, source, effect }]
  await noteCommand(await context.store(), 'config', {}, { changes }, operator)
}

/** The file is written: a listener that does not answer is no failure of that. */
async function askForIt({ directory }: Context, operator: Operator) {
  const { askListener } = await import('../../service/control/control-client.ts')
  const { ControlError } = await import('../../service/errors.ts')
  try {
    return await askListener(directory, 'config', operator)
  } catch (error) {
    if (error instanceof ControlError) return 'unheard'
    throw error
  }
}

function takeOf({ key, to, effect }: SettingChange, inUse: readonly SettingInUse[]): ListenerTake {
  const now = inUse.find((each) => each.key === key)
  if (effect === 'next' || now === undefined || isSame(now.value, to)) return { take: effect }
  const isOverridden = now.source === 'flag' || now.source === 'environment'
  return isOverridden ? { take: 'overridden', ...now } : { take: effect }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The effect in one sentence for people; undefined if no listener is running. */
export function takeText(listener: ListenerTake): string | undefined {
  switch (listener.take) {
    case 'now':
      return 'The running listener goes by it from now on.'
    case 'restart':
      return 'It counts when the listener is started again.'
    case 'next':
      return 'It counts from the next command on.'
    case 'unheard':
      return 'The running listener does not answer: it goes by it when it is started again.'
    case 'none':
      return undefined
    case 'overridden':
      return `The running listener goes on with ${valueText(listener.key, listener.value)}: so its ${WHO[listener.source]}.`
    default:
      return listener satisfies never
  }
}

const WHO = {
  flag: 'command line says',
  environment: 'environment says',
  file: 'settings file says',
  default: 'default is',
} as const
