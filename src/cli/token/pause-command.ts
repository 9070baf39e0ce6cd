import { BaseCommand } from '../base-command.ts'
import { idArg } from '../input/id-arg.ts'
import { reasonFlag } from '../input/reason-flag.ts'
import type { PausedDocument } from './pause-token.ts'

/** A command that pauses an invitation, or has it go on. */
export abstract class PauseCommand extends BaseCommand {
  static override args = idArg
  static override flags = reasonFlag

  protected abstract readonly isPaused: boolean

  override async run(): Promise<PausedDocument> {
    const { args, flags } = await this.parse(PauseCommand)
    const { pausedText, pauseToken } = await import('./pause-token.ts')
    const locations = this.locations(flags)
    const token = await pauseToken(locations, args.id, this.isPaused, flags.reason)
    this.showHinted(() => pausedText(token))
    return token
  }
}
