import { DenyCommand } from '../../cli/peer/deny-command.ts'

export default class PeerAllow extends DenyCommand {
  static override summary = 'Let a denied peer in again.'
  static override description = 'From now on its contacts are answered as anybody’s are.'

  static override examples = [
    '<%= config.bin %> peer allow c6iDEp',
    '<%= config.bin %> peer allow c6iDEp --reason "paid after all"',
  ]

  protected override readonly isDenied = false
}
