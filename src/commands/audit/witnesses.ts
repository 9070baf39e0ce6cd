import { Args, Flags } from '@oclif/core'
import type { WitnessesDocument } from '../../cli/audit/witnesses-audit.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { limitFlag } from '../../cli/input/limit-flag.ts'
import { reasonFlag } from '../../cli/input/reason-flag.ts'
import { writeExactly } from '../../cli/output/write-screen.ts'

export default class AuditWitnesses extends BaseCommand {
  static override summary =
    'Show what partners have signed about their own audits, and whether it fits.'
  static override description =
    'Whenever two parties have to do with each other, each shows its newest checkpoint, and the other keeps it. Exit code 11 if an alarm stands: a partner has shown less than before, or what can’t go on from it. With --note stdout is the checkpoint that is kept of that partner: on its own machine `audit verify --against` takes it.'

  static override examples = [
    '<%= config.bin %> audit witnesses',
    '<%= config.bin %> audit witnesses 12D3KooWK99VoVxN --note > bob.checkpoint',
    '<%= config.bin %> audit witnesses fyKSUKPH --forget --reason "new machine, he told me himself"',
  ]

  static override args = {
    peer: Args.string({
      description: 'A partner’s peer id, or its beginning or end.',
      ignoreStdin: true,
    }),
  }

  static override flags = {
    ...reasonFlag,
    note: Flags.boolean({ description: 'Print the checkpoint.', exclusive: ['forget'] }),
    forget: Flags.boolean({
      description:
        'Forget this partner’s checkpoints, and the alarm: what it shows next is believed.',
    }),
    limit: limitFlag('At most so many partners, alarms first.'),
  }

  override async run(): Promise<WitnessesDocument> {
    const { args, flags } = await this.parse(AuditWitnesses)
    const { note, ...options } = flags
    const { mustBeConsistent, mustBeSigned, noteOf, witnessesAudit } = await import(
      '../../cli/audit/witnesses-audit.ts'
    )
    const { witnessesText } = await import('../../cli/audit/witnesses-text.ts')
    const document = await witnessesAudit(this.locations(flags), { ...options, note, ...args })
    if (note) {
      mustBeSigned(document)
      if (!this.jsonEnabled()) writeExactly(process.stdout, noteOf(document))
      return document
    }
    const { widthOfTerminal } = await import('../../cli/text/table.ts')
    const { timeStyleOf } = await import('../../cli/text/time-text.ts')
    const [width, style] = [widthOfTerminal(process.stdout), timeStyleOf(process.stdout)]
    this.show(() => witnessesText(document, args.peer !== undefined, width, style))
    mustBeConsistent(document)
    return document
  }
}
