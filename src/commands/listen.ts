import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { reapOptions } from '../cli/listen/reap-options.ts'

export default class Listen extends BaseCommand {
  static override summary = 'Answer invitations until stopped.'
  static override description =
    'Accepts bootstraps over TCP and WebSockets, and shows them on a terminal as they go; elsewhere, or with --plain, it writes a line for each. ^C or SIGTERM finishes what is under way and stops; again leaves at once. With --json it writes JSON Lines: first `ready`, last `stopped`.'

  static override examples = [
    '<%= config.bin %> listen',
    '<%= config.bin %> listen --listen /ip4/0.0.0.0/tcp/4710 --announce /dns4/tally.example.org/tcp/4710',
    '<%= config.bin %> listen --once --for 15m',
    '<%= config.bin %> listen --http 127.0.0.1:9464',
    '<%= config.bin %> listen --json | jq -r .type',
  ]

  static override flags = {
    listen: Flags.string({
      description: 'Multiaddr to listen on; TALEUS_LISTEN takes several, with commas.',
      multiple: true,
      helpValue: 'MULTIADDR',
    }),
    announce: Flags.string({
      description: 'Multiaddr to put into links instead; TALEUS_ANNOUNCE takes several.',
      multiple: true,
      helpValue: 'MULTIADDR',
    }),
    'max-sessions': Flags.string({ description: 'Sessions at once.', helpValue: 'N' }),
    'rate-limit': Flags.string({ description: 'Attempts per peer and minute.', helpValue: 'N' }),
    'session-timeout': Flags.string({ description: 'Longest session, e.g. 30s.' }),
    'step-timeout': Flags.string({ description: 'Longest step, e.g. 5s.' }),
    'drain-timeout': Flags.string({ description: 'Time to finish when asked to stop.' }),
    http: Flags.string({ description: 'Tell health and metrics there.', helpValue: 'HOST:PORT' }),
    for: Flags.string({ description: 'Stop after this long, e.g. 15m.', env: 'TALEUS_FOR' }),
    once: Flags.boolean({ description: 'Stop after one tally.', env: 'TALEUS_ONCE' }),
    'exit-if-unreachable': Flags.boolean({
      description: 'Stop at once if none of its own addresses leads here.',
      env: 'TALEUS_EXIT_IF_UNREACHABLE',
    }),
    'trust-clock': Flags.boolean({
      description: 'The clock is right now, and was ahead before: forget the latest time seen.',
    }),
    ...reapOptions,
    plain: Flags.boolean({
      description: 'One line per event, also on a terminal.',
      env: 'TALEUS_PLAIN',
    }),
  }

  #stop: (() => void) | undefined

  /** `listen --json | head -1` ends in good order. */
  protected override onClosedPipe(): void {
    if (this.#stop === undefined) super.onClosedPipe()
    else this.#stop()
  }

  /** What went wrong is one line too: who reads lines must be able to read this one. */
  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json)}\n`)
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(Listen)
    const { startListening } = await import('../cli/listen/start-listening.ts')
    const { listenOutput } = await import('../cli/listen/choose-output.ts')
    const format = this.jsonEnabled() ? 'json' : 'text'
    const { leaveSoon } = await import('../cli/leave.ts')
    await startListening({
      locations: this.locations(flags['data-dir']),
      flags,
      output: await listenOutput({ format, plain: flags.plain }),
      onStopper: (stop) => {
        this.#stop = stop
      },
    })
    leaveSoon()
  }
}
