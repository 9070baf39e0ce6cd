import { DenyCommand } from '../../cli/peer/deny-command.ts'

export default class PeerDeny extends DenyCommand {
  static override summary = 'Take nothing more from a peer.'
  static override description =
    'Each contact of this peer is turned away before it costs anything, whatever it shows, also by a listener that runs. Tallies with it stay and are synced; a session under way ends as it would. The reason stands in `peer list` and in the audit, and is not told to the peer.'

  static override examples = [
    '<%= config.bin %> peer deny 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp --reason "never pays"',
    '<%= config.bin %> peer deny c6iDEp --json',
  ]

  protected override readonly isDenied = true
}
