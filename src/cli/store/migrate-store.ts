import type { CarriedStore, MigrateOrder } from '../../service/maintenance/migrate-store.ts'
import { type Context, withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { parseSetting } from '../settings/setting-values.ts'
import { storeChoice } from '../settings/store-choice.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'

/** The answer of `store migrate --json`. */
export interface MigrateDocument extends CarriedStore {
  /** All rows together. */
  readonly total: number
}

export interface MigrateWish {
  /** Values of the setting `store`. */
  readonly from: string
  readonly to: string
  readonly reason?: string | undefined
}

/** The answer of `store migrate --undo --json`. */
export interface UndoneDocument {
  /** The value of the setting `store` that is in use again. */
  readonly store: string
}

/**
 * Carries the store over, and sets the setting `store` to where it is then.
 * @throws UsageError, SettingValueError, and what `migrateStore` throws
 */
export async function carryOver(
  locations: Locations,
  wish: MigrateWish,
  output: Output,
): Promise<MigrateDocument> {
  const { migrateStore } = await import('../../service/maintenance/migrate-store.ts')
  const { from, to, ...order } = orderOf(wish)
  const carried = await withContext(locations, async (context) => {
    output.note(`Carrying the store over from ${from} to ${to} …`)
    const onTable = (table: string, rows: number) => output.note(`  ${table}: ${rows} rows`)
    const carried = await migrateStore(context.directory, {
      ...order,
      ...(await opened(context, locations)),
      onTable,
    })
    await use(context, to)
    return carried
  })
  await note({ ...locations, store: to }, { from, to }, wish.reason)
  const total = Object.values(carried.rows).reduce((sum, rows) => sum + rows, 0)
  return { ...carried, total }
}

/** Takes the source of a carry-over into use again. @throws as `carryOver` */
export async function undoMigrate(
  locations: Locations,
  wish: MigrateWish,
): Promise<UndoneDocument> {
  const { undoMigration } = await import('../../service/maintenance/migrate-store.ts')
  const { from, to, ...order } = orderOf(wish)
  await withContext(locations, async (context) => {
    await undoMigration(context.directory, { ...order, ...(await opened(context, locations)) })
    await use(context, from)
  })
  await note({ ...locations, store: from }, { from, to, undo: true }, wish.reason)
  return { store: from }
}

function orderOf(wish: MigrateWish) {
  const [from, to] = [wish.from, wish.to].map((each) => String(parseSetting('store', [each])))
  if (from === undefined || to === undefined || (from === 'sqlite') === (to === 'sqlite')) {
    throw new UsageError('one of --from and --to is `sqlite`, the other one postgres://…')
  }
  const isToServer = from === 'sqlite'
  const direction: MigrateOrder['direction'] = isToServer ? 'to_server' : 'to_file'
  return { from, to, server: isToServer ? to : from, direction }
}

/** The keys that open it, and where passwords are. */
async function opened(context: Context, locations: Locations) {
  const { passwordFile } = storeChoice(await context.settings(), process.env, locations.store)
  const [party, peerId] = [await context.peerId(), await context.keyId()]
  return { party, peerId, passwordFile, environment: process.env }
}

/** Sets the setting, so that the next command finds it. */
async function use(context: Context, store: string): Promise<void> {
  const settings = await context.settings()
  await settings.changing(() => settings.set('store', store === 'sqlite' ? undefined : store))
}

/** Records it in the store that is in use from then on. */
async function note(
  locations: Locations,
  data: Readonly<Record<string, string | boolean>>,
  reason: string | undefined,
): Promise<void> {
  const { noteCommand } = await import('../../service/record/note-command.ts')
  const { currentOperator } = await import('../../service/record/operator.ts')
  await withContext(locations, async (context) => {
    const operator = currentOperator(reason)
    await noteCommand(await context.store(), 'store migrate', {}, data, operator)
  })
}

export function migrateText({ to, total, head, rows }: MigrateDocument): ScreenText {
  return lines([
    `${total} rows arrived as they were sent, and the audit of ${head.seq} records verifies, with ${rows.tallies} tallies.`,
    `The store is ${to} from now on.`,
  ])
}
