#!/usr/bin/env bash
# qrcode@1.5.4 zxing-wasm@3.1.4 pngjs@7.0.0
#
# Expected: a QR code saved as a PNG with a transparent ground, as many design programs do, is
#   read like one on white.
# Seen: zxing-wasm reads the white one and finds nothing in the transparent one, neither from the
#   file nor from its pixels: the colour below the transparency counts, which most programs write
#   as black.
# So: a picture is put on white before it is read.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund qrcode@1.5.4 zxing-wasm@3.1.4 pngjs@7.0.0
cat > run.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import qrcode from 'qrcode'
import { PNG } from 'pngjs'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } })
const found = async (light) => {
  const file = await qrcode.toBuffer('an invitation', { color: { dark: '#000000ff', light }, scale: 6 })
  const { data, width, height } = PNG.sync.read(file)
  const pixels = { data: new Uint8ClampedArray(data), width, height, colorSpace: 'srgb' }
  const read = await Promise.all([file, pixels].map((image) => readBarcodes(image)))
  return read.map(({ length }) => length)
}
judge({ white: await found('#ffffffff'), transparent: await found('#00000000') }, {
  white: [1, 1],
  transparent: [0, 0],
})
JS
node run.mjs
