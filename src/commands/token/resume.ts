import { PauseCommand } from '../../cli/token/pause-command.ts'

export default class TokenResume extends PauseCommand {
  static override summary = 'Have a paused invitation go on.'
  static override description = 'Whoever has its link can use it again, until it expires.'

  static override examples = [
    '<%= config.bin %> token resume k3v7',
    '<%= config.bin %> token resume k3v7 --json | jq -r .status',
  ]

  protected override readonly isPaused = false
}
