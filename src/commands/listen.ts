import { BaseCommand } from '../cli/base-command.ts'
import { listenOptions } from '../cli/listen/listen-flags.ts'
import type { NewParty } from '../cli/output/output.ts'
import { writeScreen } from '../cli/output/write-screen.ts'
import { jsonText } from '../cli/text/json-text.ts'

export default class Listen extends BaseCommand {
  static override summary = 'Answer invitations until stopped.'
  static override description =
    'Accepts bootstraps over TCP and WebSockets, and shows them on a terminal as they go; elsewhere, or with --plain, it writes a line for each; with ACCESSIBLE=1 sentences to be read out. ^C, q in the view, or SIGTERM finishes what is under way and stops; again leaves at once. With --json it writes JSON Lines: first `ready`, last `stopped`.'

  static override examples = [
    '<%= config.bin %> listen',
    '<%= config.bin %> listen --listen /ip4/0.0.0.0/tcp/4710 --announce /dns4/tally.example.org/tcp/4710',
    '<%= config.bin %> listen --once --for 15m',
    '<%= config.bin %> listen --http 127.0.0.1:9464',
    '<%= config.bin %> listen --json | jq -r .type',
    '<%= config.bin %> listen --log json 2>> listen.jsonl',
  ]

  static override flags = listenOptions

  /** Lines for programs on stderr, where nothing else may be. */
  #isLogJson = false
  #stop: (() => void) | undefined

  /** `listen --json | head -1` ends in good order. */
  protected override onClosedPipe(): void {
    if (this.#stop === undefined) super.onClosedPipe()
    else this.#stop()
  }

  /** An error is one line too: a program that reads lines must be able to read this one. */
  override logJson(json: unknown): void {
    writeScreen(process.stdout, jsonText(json))
  }

  /** Programs find it in the event that says where it listens. */
  protected override tellNewParty(party: NewParty): void {
    if (!this.#isLogJson) super.tellNewParty(party)
  }

  override async run(): Promise<void> {
    const { withBareValues } = await import('../cli/listen/bare-flags.ts')
    const { flags } = await this.parse(Listen, withBareValues(this.argv))
    this.#isLogJson = flags.log === 'json'
    const { startListening } = await import('../cli/listen/start-listening.ts')
    const { listenOutput } = await import('../cli/listen/choose-output.ts')
    const format = this.jsonEnabled() ? 'json' : 'text'
    const { leaveSoon } = await import('../cli/leave.ts')
    await startListening({
      locations: this.locations(flags),
      flags,
      output: await listenOutput({ format, plain: flags.plain, log: flags.log }),
      newParty: (party) => this.tellNewParty(party),
      onStopper: (stop) => {
        this.#stop = stop
      },
    })
    leaveSoon()
  }
}
