import { readInvitation } from '../../service/invitations/read-invitation.ts'
import { CommandFailure, UsageError } from '../errors/errors.ts'
import { type AskStreams, askFor } from '../input/ask.ts'

/** Characters that may be pasted: a mail with a link in it. */
const MAX_PASTED = 64 * 1024

/**
 * Asks for a link to be pasted, whole or in the lines that a mail program made of it. So it stands in no process list, in
 * no shell's history, and not on the screen.
 * @returns a text that holds a link
 * @throws CommandFailure `interrupted`; UsageError if nothing came; LinkError for what is none
 */
export async function askLink(streams: AskStreams): Promise<string> {
  let pasted = ''
  const take = (line: string): string | undefined => {
    // An empty line says that there is no more; its error is then told.
    if (line.trim() === '' && pasted !== '') readInvitation(pasted)
    pasted = `${pasted}${line}\n`.slice(0, MAX_PASTED)
    return isLink(pasted) ? pasted.trim() : undefined
  }
  const question = {
    text: 'Paste the link (it is not shown):',
    again: 'That is no whole link yet. Paste the rest, or press Enter to give up:',
    isHidden: true,
    take,
  }
  const link = await withoutHarm(askFor(question, streams))
  if (link === undefined) throw new UsageError('no link was given')
  return link
}

async function withoutHarm<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked
  } catch (error) {
    const isOurs = error instanceof CommandFailure && error.code === 'interrupted'
    throw isOurs ? new CommandFailure('interrupted', { advice: 'Nothing was done.' }) : error
  }
}

function isLink(text: string): boolean {
  try {
    readInvitation(text)
    return true
  } catch {
    return false
  }
}
