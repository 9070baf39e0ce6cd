import { commandWords } from '../../protocol/base/command-words.ts'
import type { Settings } from './settings.ts'

/** Reads from the settings which hooks of the user's own there are. */
export function hookChoice(settings: Pick<Settings, 'effective'>, wanted: HookWish = {}) {
  return {
    module: wanted.hooks ?? textOf(settings, 'hooks'),
    command: commandOf(wanted['hook-command'] ?? textOf(settings, 'hook-command')),
  }
}

/** Values of the settings of these names that count instead. */
export interface HookWish {
  readonly hooks?: string | undefined
  readonly 'hook-command'?: string | undefined
}

/** The words of a command as a setting keeps it. */
export function commandOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : commandWords(text)
}

function textOf(
  settings: Pick<Settings, 'effective'>,
  key: 'hooks' | 'hook-command',
): string | undefined {
  const { value } = settings.effective(key)
  return typeof value === 'string' ? value : undefined
}
