import type { Context } from '../context.ts'
import { openAskedSink, type ReplaceOptions } from './asked-sink.ts'
import { abandonAll, type HandedFile } from './handed-files.ts'

/** The files that a new link goes into; none that is not named. */
export interface FileOptions extends Pick<ReplaceOptions, 'force'> {
  /** A page that explains the invitation. */
  readonly page?: string | undefined
  /** The address of the page that the link leads to; an empty one: of none. @default the setting */
  readonly 'base-url'?: string | undefined
  /** A sheet of A4 with its code. */
  readonly poster?: string | undefined
  /** The link as older peers read it. */
  readonly 'legacy-link'?: string | undefined
  /** Questions may be asked, if there is a terminal. */
  readonly mayAsk: boolean
}

interface NamedFile {
  readonly path: string
  readonly text: HandedFile['text']
}

/**
 * Opens the files that are named. Loads what they take only if there are any.
 * @param grant of the invitation that they will be of
 * @throws UsageError, FileExistsError, OutputFileError, CommandFailure `interrupted`
 */
export async function openHandedFiles(
  context: Context,
  options: FileOptions,
  grant: { readonly terms: unknown },
): Promise<readonly HandedFile[]> {
  const { force, mayAsk } = options
  const streams = mayAsk ? { input: process.stdin, output: process.stderr } : undefined
  const opened: HandedFile[] = []
  try {
    for (const { path, text } of await namedFiles(context, options, grant)) {
      opened.push({ sink: await openAskedSink(path, { force, streams }), text })
    }
  } catch (error) {
    await abandonAll(opened)
    throw error
  }
  return opened
}

async function namedFiles(
  context: Context,
  { page, poster, 'legacy-link': legacyLink }: FileOptions,
  grant: { readonly terms: unknown },
): Promise<readonly NamedFile[]> {
  const files: NamedFile[] = []
  if (legacyLink !== undefined) {
    const { legacyLinkText } = await import('./legacy-link-file.ts')
    files.push({ path: legacyLink, text: await legacyLinkText(context, grant) })
  }
  if (page === undefined && poster === undefined) return files
  const { pageOfInvitation } = await import('../page/invitation-file.ts')
  const { name } = (await context.settings()).identity
  if (page !== undefined)
    files.push({ path: page, text: (it) => pageOfInvitation('leaflet', it, name) })
  if (poster !== undefined)
    files.push({ path: poster, text: (it) => pageOfInvitation('poster', it, name) })
  return files
}
