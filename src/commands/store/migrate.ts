import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import type { MigrateDocument, UndoneDocument } from '../../cli/store/migrate-store.ts'

export default class StoreMigrate extends BaseCommand {
  static override summary = 'Carry the store over to PostgreSQL, or back to a file.'
  static override description =
    'Nothing else may be at work in the data directory. The source takes no writes from the first step on; what has arrived is compared with it row by row, and its audit and receipts are verified, before it is used. Then the setting `store` names the new one. The source stays as it was, marked so that nobody uses it by mistake. A run that is cut short is begun again by the same command.'

  static override examples = [
    '<%= config.bin %> store migrate --from sqlite --to postgres://taleus@db.example:5432/taleus',
    '<%= config.bin %> store migrate --from postgres://taleus@db.example:5432/taleus --to sqlite --json',
  ]

  static override flags = {
    ...reasonFlag,
    from: Flags.string({
      description: 'Where it is.',
      env: 'TALEUS_FROM',
      helpValue: 'sqlite|postgres://…',
      required: true,
    }),
    to: Flags.string({
      description: 'Where it is to be.',
      env: 'TALEUS_TO',
      helpValue: 'sqlite|postgres://…',
      required: true,
    }),
    undo: Flags.boolean({
      description:
        'Use --from again, which was left behind. What was written to --to since then is NOT in it.',
      env: 'TALEUS_UNDO',
    }),
  }

  override async run(): Promise<MigrateDocument | UndoneDocument> {
    const { flags } = await this.parse(StoreMigrate)
    const { carryOver, migrateText, undoMigrate } = await import('../../cli/store/migrate-store.ts')
    const locations = this.locations(flags)
    if (flags.undo) {
      const document = await undoMigrate(locations, flags)
      this.note(`The store is ${document.store} again.`)
      return document
    }
    const document = await carryOver(locations, flags, this.output)
    this.show(() => migrateText(document))
    return document
  }
}
