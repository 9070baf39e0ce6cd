import { type ErrorMeaning, own } from './error-meaning.ts'

const WHAT_ONE_LOOKS_LIKE = 'docs/hooks.md says what it must look like'
const NOTHING_STARTED = 'Nothing was started.'

/** The codes of what is about hooks of the user's own; see error-codes.ts. */
export const HOOK_ERROR_CODES = {
  hook_module: own(
    2,
    'The module with hooks of your own can’t be used.',
    `${NOTHING_STARTED} Mend it, or name another with --hooks or \`taleus config set hooks\`; ${WHAT_ONE_LOOKS_LIKE}.`,
  ),
  hook_command: own(
    2,
    'The command that answers hooks can’t be used.',
    `${NOTHING_STARTED} Mend it, or name another with --hook-command or \`taleus config set hook-command\`; ${WHAT_ONE_LOOKS_LIKE}.`,
  ),
  hook_twice: own(
    2,
    'Two sources bring the same hook.',
    `${NOTHING_STARTED} Take it out of one of them.`,
  ),
} satisfies Record<string, ErrorMeaning>
