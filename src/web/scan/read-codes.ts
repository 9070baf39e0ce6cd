import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { CODE_OPTIONS, linksAmong } from '../shared/code-text.ts'

let reader: Promise<void> | undefined

/** Finds the links on a picture. The reader is fetched, from the command, when it is first needed. */
export async function linksOn(picture: ImageData): Promise<readonly string[]> {
  reader ??= loadReader()
  await reader
  const codes = await readBarcodes(picture, CODE_OPTIONS)
  return linksAmong(codes.filter(({ isValid }) => isValid).map(({ text }) => text))
}

async function loadReader(): Promise<void> {
  const answer = await fetch('reader.wasm')
  const wasmBinary = await answer.arrayBuffer()
  prepareZXingModule({ overrides: { wasmBinary } })
}
