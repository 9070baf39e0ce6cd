import type { Minted } from '../../service/invitations/mint.ts'
import type { Output } from '../output/output.ts'
import type { TextSink } from '../output/text-sink.ts'

/** A file that is made of a new invitation. */
export interface HandedFile {
  readonly sink: TextSink
  text(minted: Minted): string | Promise<string>
}

/**
 * Mints, and writes the files, which were opened before: what can't be written is known before there is an invitation. If
 * writing fails all the same, the invitation is good, and it is warned. Without an invitation no file stays.
 */
export async function mintWithFiles(
  files: readonly HandedFile[],
  output: Output,
  mint: () => Promise<Minted>,
): Promise<Minted> {
  const minted = await mint().catch(async (error: unknown) => {
    await abandonAll(files)
    throw error
  })
  for (const { sink, text } of files) {
    try {
      await sink.write(await text(minted))
      await sink.end()
    } catch (error) {
      await sink.abandon()
      output.warn(error instanceof Error ? error.message : String(error))
    }
  }
  return minted
}

/** Leaves nothing of files that were opened. */
export async function abandonAll(files: readonly Pick<HandedFile, 'sink'>[]): Promise<void> {
  await Promise.all(files.map(({ sink }) => sink.abandon()))
}
