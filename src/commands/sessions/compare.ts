import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import type { CompareDocument } from '../../cli/sessions/compare-sessions.ts'

export default class SessionsCompare extends BaseCommand {
  static override summary = 'Compare what two sides tell of their sessions, and say where it parts.'
  static override description =
    'Takes what each side wrote with sessions export. Sessions are matched by redemption and by the digest of what was said, which is the same on both sides. Exit code 11 if one side tells of a session differently, or has a tally that the other does not tell of; a session that only one side tells of and that bound nobody is named, and is no difference.'

  static override examples = [
    '<%= config.bin %> sessions compare alice.jsonl bob.jsonl',
    '<%= config.bin %> sessions compare alice.jsonl bob.jsonl --json | jq .differing',
  ]

  static override args = {
    a: Args.string({ description: 'One side’s export.', ignoreStdin: true, required: true }),
    b: Args.string({ description: 'The other side’s.', ignoreStdin: true, required: true }),
  }

  override async run(): Promise<CompareDocument> {
    const { args } = await this.parse(SessionsCompare)
    const { compareSessions, compareText, mustBeSame } = await import(
      '../../cli/sessions/compare-sessions.ts'
    )
    const document = await compareSessions(args.a, args.b)
    this.show(() => compareText(document))
    mustBeSame(document)
    return document
  }
}
