/** A command that has something to warn of, as a process of its own. */
import { BaseCommand } from '../../../src/cli/base-command.ts'

class Warning extends BaseCommand {
  override async run(): Promise<{ readonly warnings: readonly string[] }> {
    await this.parse(Warning)
    this.note('a hint')
    if (process.env['FAILS'] === '1') {
      this.warn('told before')
      throw new Error('it failed')
    }
    this.warn(`this link works only here: taleus:b${'abcdefghij'.repeat(9)}`)
    this.log('the answer')
    return { warnings: ['of its own'] }
  }
}

await Warning.run(process.argv.slice(2), import.meta.url)
