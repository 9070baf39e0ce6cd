import { BaseCommand } from '../../cli/base-command.ts'
import { writeScreen } from '../../cli/output/write-screen.ts'
import { relayFlags } from '../../cli/relay/relay-flags.ts'
import { jsonText } from '../../cli/text/json-text.ts'

export default class Relay extends BaseCommand {
  static override summary = 'Be the relay through which two people behind routers meet.'
  static override description =
    'Peers that may reserve a place here, and anybody may dial them through it. It sees who talks with whom, when and how much, and nothing of what is said. It has a key of its own, no party’s, and keeps nothing else. ^C, q in the view, or SIGTERM lets circuits end and stops; again leaves at once. With --json it writes JSON Lines: first `ready`, last `stopped`.'

  static override examples = [
    '<%= config.bin %> relay --token-file relay.token',
    '<%= config.bin %> relay --allow 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp',
    '<%= config.bin %> relay --open --listen /ip4/127.0.0.1/tcp/4721/ws --announce /dns4/relay.example.org/tcp/443/tls/ws',
    '<%= config.bin %> relay --token-file relay.token --http 127.0.0.1:9465 --json | jq -r .type',
  ]

  static override flags = relayFlags

  #stop: (() => void) | undefined

  /** `relay --json | head -1` ends in good order. */
  protected override onClosedPipe(): void {
    if (this.#stop === undefined) super.onClosedPipe()
    else this.#stop()
  }

  /** An error is one line too: a program that reads lines must be able to read this one. */
  override logJson(json: unknown): void {
    writeScreen(process.stdout, jsonText(json))
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Relay)
    const { runRelay } = await import('../../cli/relay/run-relay.ts')
    const { relayOutput } = await import('../../cli/relay/relay-output.ts')
    const { newTokenText } = await import('../../cli/relay/new-token-text.ts')
    const format = this.jsonEnabled() ? 'json' : 'text'
    await runRelay({
      locations: this.locations(flags),
      flags,
      output: async (status) => await relayOutput({ format, plain: flags.plain }, status),
      // Also under --quiet and --json: it is shown this once.
      showToken: (token) => {
        const isSeen = process.stderr.isTTY === true
        this.showAside(newTokenText(token, flags['token-file'] ?? '', isSeen), true)
      },
      onStopper: (stop) => {
        this.#stop = stop
      },
    })
    const { leaveSoon } = await import('../../cli/leave.ts')
    leaveSoon()
  }
}
