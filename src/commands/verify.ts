import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { CommandFailure } from '../cli/errors/errors.ts'
import type { HistoryVerdict } from '../cli/tally/verify-history.ts'

export default class Verify extends BaseCommand {
  static override summary = 'Check the history of a tally: who made which change, and is it whole?'
  static override description =
    'Needs no data directory, no key and no network: the party ids in the file are public keys. Whose ids they are you must know. Draft, receipt, hashes and signatures are checked, and the document is made anew from the changes. Exit code 0 if all holds, 11 if something does not, 12 if changes are not signed.'

  static override examples = [
    '<%= config.bin %> verify mf3w.history',
    '<%= config.bin %> verify - --json < mf3w.history | jq .document',
  ]

  static override args = {
    file: Args.string({
      description: 'A file that `tally history --export` has written, or - for standard input.',
      ignoreStdin: true,
      required: true,
    }),
  }

  override async run(): Promise<HistoryVerdict> {
    const { args } = await this.parse(Verify)
    const { historyRefusal, historyVerdictText, verifyHistory } = await import(
      '../cli/tally/verify-history.ts'
    )
    const { widthOfTerminal } = await import('../cli/text/table.ts')
    const verdict = await verifyHistory(args.file, process.stdin)
    const refusal = historyRefusal(verdict)
    const failed = refusal && new CommandFailure(refusal.code, { ...refusal, document: verdict })
    // A history in which something is wrong says nothing about anybody.
    if (failed?.code === 'history_broken') throw failed
    this.show(() => historyVerdictText(verdict, widthOfTerminal(process.stdout)))
    if (failed !== undefined) throw failed
    return verdict
  }
}
