import { PauseCommand } from '../../cli/token/pause-command.ts'

export default class TokenPause extends PauseCommand {
  static override summary = 'Have an invitation give nothing new for now.'
  static override description =
    'Whoever comes with its link is asked to come later, and no use is taken. Sessions under way end as they would; tallies that it led to stay. It still expires when it would.'

  static override examples = [
    '<%= config.bin %> token pause k3v7',
    '<%= config.bin %> token pause k3v7 --reason "out of stock until Monday"',
  ]

  protected override readonly isPaused = true
}
